"""On what it was measured."""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.support.servers import postgres_program

_PACKAGES = ("kestra-site", "django", "celery", "redis", "psycopg", "uvicorn")
_WRITES, _PAGE = 200, 8192


def describe_machine() -> Iterator[tuple[str, str]]:
    """Pairs of what and which."""
    yield "date", datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    yield "processor", f"{len(os.sched_getaffinity(0))} cores, {_processor()}"
    yield "system", f"{platform.system()} {platform.release()}"
    yield "load before the run", f"{os.getloadavg()[0]:.2f}"
    yield "a write that waits for the disk", f"{_durable_write_ms():.2f} ms"
    yield "Python", platform.python_version()
    yield "PostgreSQL", _version(postgres_program("postgres"))
    yield "Redis", _version("redis-server")
    for package in _PACKAGES:
        yield package, version(package)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _durable_write_ms() -> float:
    """The median: what each commit waits for at least."""
    found = []
    with tempfile.TemporaryFile() as file:
        for number in range(_WRITES):
            os.pwrite(file.fileno(), b"x" * _PAGE, number * _PAGE)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            found.append(1000 * (time.perf_counter() - started))
    return statistics.median(found)


def _version(program: str | None) -> str:
    if program is None:
        return "not installed"
    done = subprocess.run(  # noqa: S603 - our own command
        [program, "--version"], capture_output=True, text=True, check=True
    )
    found = re.search(r"\d+(\.\d+)+", done.stdout)
    return found[0] if found else done.stdout.strip()
