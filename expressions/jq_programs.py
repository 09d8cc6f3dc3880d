"""Runs jq programs in worker processes with a time limit, an empty environment and no modules."""

import json
import os
import re
import select
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Any

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.errors import LimitReached
from expressions.printing import to_json

_IDLE_WORKERS = 2
_MODULE = re.compile(r'\b(?:import|include)\s*"|\bimport\s*\$|\binput_filename\b')
_WORKER = Path(__file__).with_name("jq_worker.py")
_CHUNK = 1 << 16


class _Worker:
    def __init__(self) -> None:
        import subprocess

        # The worker's file is run by path and isolated: it needs nothing of this package.
        self._process = subprocess.Popen(  # noqa: S603  # a fixed command, no shell
            [sys.executable, "-I", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            start_new_session=True,
        )

    def ask(self, request: bytes, seconds: float, longest: int) -> bytes | None:
        """The answer's line, or None when the worker died."""
        deadline = monotonic() + seconds
        try:
            self._send(request, deadline)
            return self._receive(deadline, longest)
        except BrokenPipeError:
            return None

    def _send(self, request: bytes, deadline: float) -> None:
        assert self._process.stdin is not None
        stream = self._process.stdin.fileno()
        view = memoryview(request)
        while view:
            _, ready, _ = select.select([], [stream], [], max(deadline - monotonic(), 0))
            if not ready:
                raise TimeoutError
            view = view[os.write(stream, view[: select.PIPE_BUF]) :]

    def _receive(self, deadline: float, longest: int) -> bytes | None:
        assert self._process.stdout is not None
        stream = self._process.stdout.fileno()
        chunks: list[bytes] = []
        length = 0
        while not chunks or not chunks[-1].endswith(b"\n"):
            ready, _, _ = select.select([stream], [], [], max(deadline - monotonic(), 0))
            if not ready:
                raise TimeoutError
            chunk = os.read(stream, _CHUNK)
            length += len(chunk)
            if not chunk:
                return None
            if length > longest:
                raise LimitReached("the result of jq is too large")
            chunks.append(chunk)
        return b"".join(chunks)

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


class _Workers:
    """Idle workers of this process. A forked child starts its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Worker] = []
        self._owner = os.getpid()

    def take(self) -> _Worker:
        with self._lock:
            if self._owner != os.getpid():
                self._idle, self._owner = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return _Worker()

    def give_back(self, worker: _Worker) -> None:
        with self._lock:
            if len(self._idle) < _IDLE_WORKERS:
                self._idle.append(worker)
                return
        worker.stop()

    def stop_idle(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.stop()


_workers = _Workers()


def stop_workers() -> None:
    """Ends the idle worker processes; the next program starts new ones."""
    _workers.stop_idle()


def jq(context: RenderContext, value: Any, expression: Any) -> list[Any]:
    """The filter: text is read as JSON, any other value is written as JSON first."""
    program = need_string(expression, "the expression")
    source = value if isinstance(value, str) else to_json(context, value)
    return run_program(context, program, source)


def run_program(context: RenderContext, program: str, source: str) -> list[Any]:
    """All results of the program over the JSON text."""
    if _MODULE.search(program):
        fail("a jq program cannot import modules or read files")
    request = {"program": program, "input": source, "most": context.limits.range_items}
    line = json.dumps(request).encode() + b"\n"
    seconds = min(context.limits.jq_seconds, context.root.deadline - monotonic())
    worker = _workers.take()
    try:
        answer = worker.ask(line, seconds, context.limits.string_length)
    except TimeoutError as error:
        worker.stop()
        raise LimitReached(f"jq took longer than {context.limits.jq_seconds:g} seconds") from error
    except BaseException:
        worker.stop()
        raise
    if answer is None:
        worker.stop()
        fail("jq stopped without a result")
    _workers.give_back(worker)
    found = json.loads(answer)
    if "error" in found:
        fail(found["error"])
    results: list[Any] = found["results"]
    return results
