"""Server processes of the product, started by tests and ended with them."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
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


class ServerProcess:
    """`kestra server …` as a process; its output goes to a file."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self.log = folder / f"server-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", WITH_A_RECORDED_ENGINE, "server", *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
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
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
