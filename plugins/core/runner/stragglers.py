"""Finds and ends what a process left behind: children that outlive it, in its session or not.

They are known by a mark in their environment. Only processes that began after the first one are
looked at, so that a task which left nothing costs next to nothing."""

import os
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "KESTRA_PROCESS_MARK"
GRACE = 1.0
_ROUNDS = 20
_PROC = Path("/proc")


def end_stragglers(pid: int, mark: str) -> int:
    """Ends what is left of the process `pid`, which has been waited for; says how many there were.
    SIGTERM, a short grace, SIGKILL."""
    ended = 0
    for _ in range(_ROUNDS):
        left = list(_left_by(pid, mark))
        if not left:
            break
        ended += len(left)
        _end(left)
    if _has_group(pid):  # without /proc, or with an environment of its own
        ended += 1
        _signal_group(pid, signal.SIGKILL)
    return ended


def _left_by(pid: int, mark: str) -> Iterator[int]:
    wanted = f"{MARK}={mark}".encode()
    for other in _younger(pid):
        try:
            with open(f"/proc/{other}/environ", "rb", buffering=0) as file:  # noqa: PTH123  # quicker
                environment = file.readall()
        except OSError:  # ended meanwhile, or another user's
            continue
        if wanted in environment.split(b"\0"):
            yield other


def _younger(pid: int) -> Iterator[int]:
    """The ids of processes that may have begun after `pid`."""
    last = _last_pid()
    if pid <= last < pid + 64:
        yield from range(pid + 1, last + 1)
        return
    try:
        names = [path.name for path in _PROC.iterdir()]
    except OSError:
        return
    for name in names:
        # A last id below ours: the numbers began anew, so any may be younger.
        if name.isdigit() and (last < pid or int(name) > pid) and int(name) != os.getpid():
            yield int(name)


def _last_pid() -> int:
    """The id that was given last; -1 where the system doesn't say."""
    try:
        with open("/proc/loadavg", "rb", buffering=0) as file:  # noqa: PTH123  # quicker
            return int(file.read(128).split()[-1])
    except (OSError, ValueError, IndexError):
        return -1


def _end(pids: list[int]) -> None:
    handles = {}
    for pid in pids:
        try:
            handles[pid] = os.pidfd_open(pid)
        except OSError:  # ended meanwhile
            continue
    try:
        _send(handles, signal.SIGTERM)
        _wait(handles, GRACE)
        _send(handles, signal.SIGKILL)
        _wait(handles, GRACE)
    finally:
        for handle in handles.values():
            os.close(handle)


def _send(handles: dict[int, int], number: signal.Signals) -> None:
    for handle in handles.values():
        try:
            signal.pidfd_send_signal(handle, number)
        except ProcessLookupError:
            continue


def _wait(handles: dict[int, int], seconds: float) -> None:
    """Until all have ended, at most that long; the ended ones leave `handles`."""
    poll = select.poll()
    by_handle = {handle: pid for pid, handle in handles.items()}
    for handle in by_handle:
        poll.register(handle, select.POLLIN)
    deadline = time.monotonic() + seconds
    waiting = set(by_handle)
    while waiting and (left := deadline - time.monotonic()) > 0:
        for handle, _ in poll.poll(left * 1000):
            poll.unregister(handle)
            waiting.discard(handle)


def _has_group(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return
