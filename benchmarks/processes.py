"""Processes of the product as they are started for use, and what the kernel says about them."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.errors import BenchmarkFailed

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = ROOT / "benchmarks" / "plugin"
USER, PASSWORD = "bench@example.com", "Bench-mark-1"
_OURS = ("KESTRA_", "MICRONAUT_", "DATASOURCES_", "ENDPOINTS_", "LOGGER_")
_DROPPED = {"DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE", "DJANGO_SETTINGS_MODULE"}
_STOP_SECONDS = 10.0
_TICKS = os.sysconf("SC_CLK_TCK")


def product_environment(folder: Path, **more: str) -> dict[str, str]:
    """The shell's, without what would configure the product otherwise."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _DROPPED and not name.startswith(_OURS)
    }
    paths = [str(PLUGIN), str(ROOT), *filter(None, [kept.get("PYTHONPATH")])]
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(paths),
        "KESTRA_DATA_DIR": str(folder),
        "KESTRA_ENCRYPTION_SECRET_KEY": base64.b64encode(b"benchmarks-only-" * 2).decode(),
        "KESTRA_ADMIN_USER": USER,
        "KESTRA_ADMIN_PASSWORD": PASSWORD,
        **more,
    }


class MeasuredProcess:
    """A child whose output goes to a file. Stopped by `stop`, at the latest when the run ends."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                list(command), stdout=output, stderr=output, env=dict(environment), cwd=folder
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def check_running(self) -> None:
        code = self._process.poll()
        if code is not None:
            raise BenchmarkFailed(f"{self.name} ended with code {code}:\n{self.last_lines()}")

    def last_lines(self, count: int = 15) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-count:])

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def memory_mb(self) -> float:
        return memory_mb(self.pid)

    def cpu_seconds(self) -> float:
        """Of the process and of its children that have ended."""
        fields = _stat_of(self.pid)
        return sum(int(field) for field in fields[11:15]) / _TICKS


def kestra(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "kestra_site", *arguments]


def memory_mb(pid: int) -> float:
    """Resident set size of a process, in MB of 10⁶ bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise BenchmarkFailed(f"process {pid} has no resident memory: it has ended")


def _stat_of(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[
        2
    ].split()


def wait_seconds(seconds: float) -> None:
    """The wait that is part of a measurement."""
    time.sleep(seconds)
