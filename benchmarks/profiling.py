"""Where the time of a server goes: the kernel counts what each of its processes takes of the
processor, and `py-spy` watches them, while the work is repeated."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.processes import ROOT, cpu_seconds
from benchmarks.stacks import Server, temporary_folder

_SECONDS = 5
_RATE = 100
_LINES = 10
# What is on so many stacks says nothing.
_TRUNK = 0.7
_FRAME = re.compile(r"(?P<name>.+) \((?P<file>[^:()]*)(:\d+)?\)$")
# At the foot of every stack, or asleep in the kernel.
_DULL = ("kestra_site/cli/", "kestra_site/servers/", "kestra_site/__main__", "threading.py: Thread")
_ASLEEP = re.compile(
    r"_socket_can_read|MemoryBus\.receive|Runner\.run$|_epoll\.poll|Condition\.wait$|Event\.wait$|_worker$"
)


def watch(server: Server, exercise: Callable[[], int]) -> str:
    """What each process costs, then for the product's own the functions it was found in."""
    counted = "\n".join(_count_costs(server, exercise))
    program = _program()
    if program is None:
        return f"{counted}\n\nNo profile: `py-spy` is not installed (`pip install py-spy`)."
    with temporary_folder() as folder:
        return "\n\n".join([counted, *_sample(program, folder, server, exercise)])


def _program() -> str | None:
    beside = str(Path(sys.executable).parent)
    return shutil.which("py-spy", path=beside) or shutil.which("py-spy")


def _count_costs(server: Server, exercise: Callable[[], int]) -> Iterator[str]:
    """Without py-spy, which slows down what it watches."""
    pids = server.pids()
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    started, count = time.monotonic(), 0
    while time.monotonic() - started < _SECONDS:
        count += exercise()
    elapsed = time.monotonic() - started
    yield f"| process | of a core |{' ms a task run |' if count else ''}"
    yield f"|---|--:|{'--:|' if count else ''}"
    for name, pid in pids.items():
        spent = cpu_seconds(pid) - before[name]
        each = f" {1000 * spent / count:.2f} |" if count else ""
        yield f"| {name} | {spent / elapsed:.0%} |{each}"


def _sample(
    program: str, folder: Path, server: Server, exercise: Callable[[], int]
) -> Iterator[str]:
    files = {process.name: folder / f"{process.name}.txt" for process in server.processes}
    watchers = [_start(program, process.pid, files[process.name]) for process in server.processes]
    try:
        while any(watcher.poll() is None for watcher in watchers):
            exercise()
    finally:
        for watcher in watchers:
            watcher.kill()
            watcher.wait()
    for name, file in files.items():
        yield f"**{name}**, while its threads did not sleep:\n\n{_table(file)}"


def _start(program: str, pid: int, file: Path) -> subprocess.Popen[bytes]:
    options = f"--format raw --duration {_SECONDS} --rate {_RATE}".split()
    return subprocess.Popen(  # noqa: S603 - our own command
        [program, "record", *options, "--pid", str(pid), "--output", str(file)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _table(file: Path) -> str:
    text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    inclusive, own, total = _count(text)
    if not total:
        return "No samples."
    lines = ["| with what they call | | by themselves | |", "|---|--:|---|--:|"]
    branches = [(name, hits) for name, hits in inclusive.most_common() if hits < _TRUNK * total]
    pairs = zip(branches[:_LINES], own.most_common(_LINES), strict=False)
    for (caller, most), (callee, least) in pairs:
        lines.append(f"| `{caller}` | {most / total:.0%} | `{callee}` | {least / total:.0%} |")
    return "\n".join(lines)


def _count(text: str) -> tuple[Counter[str], Counter[str], int]:
    """Samples by function: of the product's with what they call, of all by themselves."""
    inclusive: Counter[str] = Counter()
    own: Counter[str] = Counter()
    total = 0
    for line in text.splitlines():
        stack, _, number = line.rpartition(" ")
        frames = [frame for frame in map(_named, stack.split(";")) if frame]
        if not frames or _ASLEEP.search(frames[-1]):
            continue
        count = int(number)
        total += count
        own[frames[-1]] += count
        for frame in {frame for frame in frames if _is_ours(frame)}:
            inclusive[frame] += count
    return inclusive, own, total


def _named(frame: str) -> str:
    found = _FRAME.match(frame)
    if found is None:
        return ""
    file = found["file"]
    for root in (f"{ROOT}/", "site-packages/", "python3.11/"):
        file = file.rpartition(root)[2]
    return f"{file}: {found['name']}"


def _is_ours(frame: str) -> bool:
    return not frame.startswith(_DULL) and (ROOT / frame.partition(":")[0]).is_file()
