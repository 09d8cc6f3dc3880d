"""One process in a session of its own, from its start until nothing of it is left.

The calling thread waits on everything at once: both outputs, the end, a request to kill, the time
limit. No polling and no further threads."""

import os
import secrets
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from common.durations import format_duration
from plugins.contracts.failure import TaskFailed
from plugins.contracts.runner import CommandRequest, CommandResult
from plugins.core.runner.lines import LineReader
from plugins.core.runner.stragglers import MARK, end_stragglers

_CHUNK = 64 * 1024
_EXIT, _WAKE = "exit", "wake"
# For four descriptors of a short life; epoll would be a fifth, and a call for each of them.
_Selector = getattr(selectors, "PollSelector", selectors.DefaultSelector)


class ProcessSession:
    """Runs one command. `kill` may be called from another thread, at any time."""

    def __init__(self, request: CommandRequest, *, grace: float) -> None:
        self._request = request
        self._grace = grace
        self._lock = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._is_open = True
        self._is_killed = False
        self._reason = ""
        self._deadline: float | None = None
        self._mark = secrets.token_hex(12)

    def kill(self) -> None:
        with self._lock:
            self._is_killed = True
            if self._is_open:
                os.write(self._wake_write, b"k")

    def run(self) -> CommandResult:
        """Blocks to the end. Raises TaskFailed if the command can't be started."""
        try:
            process = start(
                self._request.command,
                self._request.directory,
                {**self._request.environment, MARK: self._mark},
            )
            try:
                self._attend(process)
            except BaseException:
                # Whoever takes the lines failed: the process must not go on without a listener.
                _signal_group(process.pid, signal.SIGKILL)
                process.wait()
                end_stragglers(process.pid, self._mark)
                raise
            finally:
                for pipe in (process.stdout, process.stderr):
                    if pipe is not None:
                        pipe.close()
            return self._result(process)
        finally:
            self._close()

    def _attend(self, process: subprocess.Popen[bytes]) -> None:
        if self._request.timeout is not None:
            self._deadline = time.monotonic() + self._request.timeout.total_seconds()
        with _Selector() as selector, _exit_handle(process.pid) as handle:
            selector.register(handle, selectors.EVENT_READ, _EXIT)
            selector.register(self._wake_read, selectors.EVENT_READ, _WAKE)
            readers = self._listen(selector, process)
            while not self._turn(selector, process):
                pass
            process.wait()
            end_stragglers(process.pid, self._mark)
            for pipe, reader in readers:
                _drain(pipe, reader)
                reader.close()

    def _listen(
        self, selector: selectors.BaseSelector, process: subprocess.Popen[bytes]
    ) -> list[tuple[IO[bytes], LineReader]]:
        readers = []
        on_line = self._request.on_line
        for pipe, is_stderr in ((process.stdout, False), (process.stderr, True)):
            assert pipe is not None

            def take(text: str, is_stderr: bool = is_stderr) -> None:
                on_line(text, is_stderr)

            os.set_blocking(pipe.fileno(), False)
            reader = LineReader(take)
            selector.register(pipe, selectors.EVENT_READ, reader)
            readers.append((pipe, reader))
        return readers

    def _turn(self, selector: selectors.BaseSelector, process: subprocess.Popen[bytes]) -> bool:
        """Waits for something to happen and deals with it; whether the process has ended."""
        left = None if self._deadline is None else max(0.0, self._deadline - time.monotonic())
        events = selector.select(left)
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._end_or_force(process)
        has_ended = False
        for key, _ in events:
            if key.data == _EXIT:
                has_ended = True
            elif key.data == _WAKE:
                selector.unregister(key.fileobj)
                self._begin_end(process, "killed on request")
            elif not _read(key.fd, key.data):
                selector.unregister(key.fileobj)
        return has_ended

    def _end_or_force(self, process: subprocess.Popen[bytes]) -> None:
        """The deadline was the time limit or, after it, the end of the grace."""
        if self._reason:
            self._reason += f"; it did not end within {self._grace:g} s and was killed by force"
            self._deadline = None
            _signal_group(process.pid, signal.SIGKILL)
        else:
            limit = self._request.timeout
            words = format_duration(limit) if limit is not None else ""
            self._begin_end(process, f"the time limit of {words} has passed")

    def _begin_end(self, process: subprocess.Popen[bytes], reason: str) -> None:
        if not self._reason:
            self._reason = reason
            self._deadline = time.monotonic() + self._grace
            _signal_group(process.pid, signal.SIGTERM)

    def _result(self, process: subprocess.Popen[bytes]) -> CommandResult:
        code = process.returncode
        exit_code = 128 - code if code < 0 else code
        return CommandResult(exit_code, self._reason or explain(exit_code))

    def _close(self) -> None:
        with self._lock:
            self._is_open = False
            os.close(self._wake_read)
            os.close(self._wake_write)


def explain(exit_code: int) -> str:
    """What an exit code means beyond its number; empty where it says nothing."""
    if exit_code == 126:
        return "the command was found but may not be executed"
    if exit_code == 127:
        return "the command was not found"
    if exit_code == 137:
        return "it was killed from outside (SIGKILL), most often because the memory ran out"
    if 128 < exit_code <= 128 + signal.NSIG:
        with suppress(ValueError):
            return f"it was ended by the signal {signal.Signals(exit_code - 128).name}"
    return ""


def start(
    command: Sequence[str], directory: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    """Raises TaskFailed with the reason why the command can't be started."""
    try:
        return subprocess.Popen(  # noqa: S603 - running commands is what this is for
            list(command),
            cwd=directory,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if not directory.is_dir():
            raise TaskFailed(f"The working folder {directory} is gone") from error
        raise TaskFailed(
            f"'{command[0]}' is not installed on this worker: no such program on its PATH"
        ) from error
    except PermissionError as error:
        raise TaskFailed(f"'{command[0]}' may not be executed on this worker") from error
    except OSError as error:
        raise TaskFailed(f"'{command[0]}' could not be started: {error.strerror}") from error
    except ValueError as error:
        raise TaskFailed(f"'{command[0]}' could not be started: {error}") from error


@contextmanager
def _exit_handle(pid: int) -> Iterator[int]:
    """A file descriptor that becomes readable when the process ends, without reaping it."""
    if hasattr(os, "pidfd_open"):
        handle = os.pidfd_open(pid)
    else:
        handle, write = os.pipe()
        threading.Thread(target=_close_at_end, args=(pid, write), daemon=True).start()
    try:
        yield handle
    finally:
        os.close(handle)


def _close_at_end(pid: int, write: int) -> None:
    with suppress(ChildProcessError):
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    os.close(write)


def _read(descriptor: int, reader: LineReader) -> bool:
    """One piece of output; False at its end."""
    try:
        data = os.read(descriptor, _CHUNK)
    except BlockingIOError:
        return True
    reader.feed(data)
    return bool(data)


def _drain(pipe: IO[bytes], reader: LineReader) -> None:
    """What is still in the pipe, without waiting for a writer that nobody could end."""
    with suppress(BlockingIOError):
        while data := os.read(pipe.fileno(), _CHUNK):
            reader.feed(data)


def _signal_group(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
