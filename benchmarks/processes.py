"""Processes of the product as they are started for use, and what the kernel says about them."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
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
    return {
        **kept,
        "PYTHONPATH": python_path(),
        "KESTRA_DATA_DIR": str(folder),
        "KESTRA_ENCRYPTION_SECRET_KEY": base64.b64encode(b"benchmarks-only-" * 2).decode(),
        "KESTRA_ADMIN_USER": USER,
        "KESTRA_ADMIN_PASSWORD": PASSWORD,
        **more,
    }


def python_path(*first: Path) -> str:
    return os.pathsep.join(map(str, (*first, PLUGIN, ROOT)))


class MeasuredProcess:
    """A child whose output goes to a file. Stopped by `stop`, at the latest when the run ends."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], folder: Path
    ) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
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
        return cpu_seconds(self.pid)


def kestra(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "kestra_site", *arguments]


def memory_mb(pid: int) -> float:
    """Resident set size of a process, in MB of 10⁶ bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise BenchmarkFailed(f"process {pid} has no resident memory: it has ended")


def cpu_seconds(pid: int) -> float:
    """Of the process, of its children, and of theirs."""
    living = 0.0
    for thread in Path(f"/proc/{pid}/task").glob("*"):
        living += sum(cpu_seconds(int(child)) for child in _words(thread / "children"))
    return living + sum(int(field) for field in _stat_of(pid)[11:15]) / _TICKS


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except FileNotFoundError:  # a thread that has just ended
        return []


def _stat_of(pid: int) -> list[str]:
    """The fields after the name, which may hold blanks; zeros if it has just ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ["0"] * 50
    return text.rpartition(")")[2].split()
