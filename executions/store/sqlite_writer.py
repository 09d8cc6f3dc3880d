"""SQLite has one writer. Here it is one connection, and what several threads want written at the
same moment is committed together: whoever comes first does it for those that wait behind."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from common.errors import Unavailable

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]

_BUSY_SECONDS = 5.0
_STATEMENTS_KEPT = 256


def connect(path: Path, *, reads_only: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS_KEPT,
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA temp_store = MEMORY")
    if reads_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def saying_unavailable() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the database file cannot be used now: {error}") from error


class _Pending:
    """A job that waits for the next commit, then its outcome."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.is_done = False
        self.value: Any = None
        self.error: Exception | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        self.error = None
        connection.execute("SAVEPOINT job")
        try:
            self.value = self.job(connection)
        except Exception as error:  # whose job it is is told
            connection.execute("ROLLBACK TO job")
            self.error = error
        connection.execute("RELEASE job")


class Writer:
    """`run` for a job that is one transaction; `begin` … `commit` for one that its caller leads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._queue: deque[_Pending] = deque()
        self._lock = threading.RLock()
        self._is_led = False

    def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """The job's result, once it is committed. Inside a transaction that this thread leads it
        becomes a part of that one."""
        with saying_unavailable():
            pending = _Pending(job)
            self._queue.append(pending)
            with self._lock:
                if self._is_led:
                    self._queue.remove(pending)
                    return job(self._open())
                while not pending.is_done:
                    self._write_queue()
            if pending.error is not None:
                raise pending.error
            return cast(T, pending.value)

    def begin(self) -> sqlite3.Connection:
        """Waits for the other writers. `commit` or `rollback` must follow, in this thread."""
        self._lock.acquire()
        try:
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._lock.release()
            raise
        self._is_led = True
        return connection

    def commit(self) -> None:
        try:
            self._is_led = False
            self._write_queue(begun=True)
        finally:
            self._lock.release()

    def rollback(self) -> None:
        try:
            self._is_led = False
            self._open().rollback()
        finally:
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self._path)
        return self._connection

    def _write_queue(self, *, begun: bool = False) -> None:
        """Everything that waits, in one transaction. It counts as done when it is committed."""
        jobs = [self._queue.popleft() for _ in range(len(self._queue))]
        connection = self._open()
        try:
            if not begun:
                connection.execute("BEGIN IMMEDIATE")
            for pending in jobs:
                pending.run(connection)
            connection.execute("COMMIT")
        except BaseException as error:
            connection.rollback()
            if begun or not isinstance(error, Exception):
                self._queue.extend(jobs)  # each is written by its own thread then
                raise
            for pending in jobs:
                pending.error = error
        for pending in jobs:
            pending.is_done = True
