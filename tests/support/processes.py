"""Server processes of the product, started by tests and ended with them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Sequence
from pathlib import Path

_START_SECONDS = 60

WITH_A_RECORDED_ENGINE = """
import sys, types

class Engine:
    def stop(self, timeout):
        sys.stderr.write("the engine was stopped\\n")

wiring = types.ModuleType("executions.wiring")
for part in ("embedded", "executor", "scheduler", "worker"):
    setattr(wiring, f"start_{part}", lambda configuration: Engine())
wiring.connect_webserver = lambda configuration: Engine()
sys.modules["executions.wiring"] = wiring
from kestra_site.cli import main
main()
"""
"""The `kestra` command with an engine that does nothing but say that it was stopped."""


KESTRA = (sys.executable, "-m", "kestra_site")
"""The `kestra` command as it is."""


def run_kestra(
    *arguments: str, stdin: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command until its end, with what it wrote."""
    return subprocess.run(
        [*KESTRA, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", **environment},
    )


def endless_sleep() -> str:
    """A number of seconds that is a year and that no other command line has."""
    return f"31536000.{uuid.uuid4().int % 10**15:015d}"


def processes_with(word: str) -> list[int]:
    """Whose command line holds that word; for words that only the test uses."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                if word.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


class ServerProcess:
    """`kestra server …` as a process; its output goes to a file. The engine only records that it
    was stopped, unless another `command` is given."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        command: Sequence[str] = (sys.executable, "-c", WITH_A_RECORDED_ENGINE),
        **environment: str,
    ) -> None:
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [*command, "server", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until_healthy(self, port: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                    return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        raise AssertionError(f"the server did not become healthy:\n{self.output}")

    def wait_until_said(self, words: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while words not in self.output:
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"{words!r} was never said:\n{self.output}")
            time.sleep(0.05)

    def end(self) -> int:
        """Waits for the end; gives the exit code."""
        return self.process.wait(_START_SECONDS)

    def terminate(self) -> int:
        self.process.terminate()
        return self.end()

    def kill(self) -> None:
        """The server and the processes that it supervises."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
