"""The bus without Redis: rows of one table, and one NOTIFY for each group of messages. Slower than
streams; what it promises is the contract.

The table is not logged: a crash of the server empties it, which the marker row tells."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Collection, Sequence
from typing import Any

import psycopg

from common.errors import Unavailable
from executions.bus.contract import Bus, Message, Received

CHANNEL = "kestra_bus"
_TABLE = "executions_busmessage"
# No message: the row by which an emptied table is noticed.
_MARKER = 0
_NO_SHARD = -1

_PUBLISH = f"""
    WITH written AS (
        INSERT INTO {_TABLE} (shard, body)
        SELECT * FROM unnest(%s::smallint[], %s::bytea[])
    )
    SELECT pg_notify('{CHANNEL}', '')
"""  # noqa: S608  # our own names
_TAKE = f"""
    WITH found AS (
        SELECT id FROM {_TABLE}
        WHERE shard = ANY(%s::smallint[]) AND taken_by IS NULL
        ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE {_TABLE} AS message SET taken_by = %s FROM found
    WHERE message.id = found.id
    RETURNING message.id, message.shard, message.body
"""  # noqa: S608  # our own names
_TAKE_OVER = f"""
    UPDATE {_TABLE} SET taken_by = %s
    WHERE shard = ANY(%s::smallint[]) AND taken_by IS NOT NULL
    RETURNING id, shard, body
"""  # noqa: S608  # our own names
_ACKNOWLEDGE = f"DELETE FROM {_TABLE} WHERE id = ANY(%s::bigint[])"  # noqa: S608  # our own name
_MARK = f"""
    INSERT INTO {_TABLE} (id, shard, body) VALUES ({_MARKER}, {_NO_SHARD}, '')
    ON CONFLICT (id) DO NOTHING RETURNING id
"""  # noqa: S608  # our own names

_Connection = psycopg.Connection[Any]


class PostgresBus(Bus):
    """`conninfo` is a libpq string or URL, `owner` names the receiver. A server that does not
    answer raises Unavailable; the next call connects again."""

    def __init__(self, conninfo: str, owner: str) -> None:
        self._owner = owner
        self._reading = _Link(conninfo, listens=True)
        self._writing = _Link(conninfo)
        self._lock = threading.Lock()
        self._woken, self._waking = socket.socketpair()
        self._woken.setblocking(False)
        self._waking.setblocking(False)
        self._write(_MARK, [])

    def publish(self, messages: Sequence[Message]) -> None:
        if messages:
            shards = [message.shard for message in messages]
            self._write(_PUBLISH, [shards, [message.body for message in messages]])

    def take_over(self, shards: Collection[int]) -> list[Received]:
        return _received(self._write(_TAKE_OVER, [self._owner, list(shards)]))

    def receive(
        self, shards: Collection[int], *, timeout_seconds: float, limit: int = 500
    ) -> list[Received]:
        until = time.monotonic() + timeout_seconds
        while True:
            found, was_told = self._reading.ask(_TAKE, [list(shards), limit, self._owner])
            if found or self._take_wakes():
                return _received(found)
            left = until - time.monotonic()
            if left <= 0:
                return []
            # a word that came with the answer would not wake us again
            if not was_told:
                self._wait(left)

    def acknowledge(self, received: Sequence[Received]) -> None:
        # what has no mark never came over the bus
        marks = [int(message.mark) for message in received if message.mark]
        if marks:
            self._write(_ACKNOWLEDGE, [marks])

    def wake(self) -> None:
        try:
            self._waking.send(b"!")
        except BlockingIOError:
            """So many wakes are waiting that one more tells nothing."""

    def lost_data(self) -> bool:
        return bool(self._write(_MARK, []))

    def close(self) -> None:
        self._reading.close()
        with self._lock:
            self._writing.close()
        self._woken.close()
        self._waking.close()

    def _write(self, sql: str, values: Sequence[Any]) -> list[Any]:
        with self._lock:
            return self._writing.ask(sql, values)[0]

    def _wait(self, seconds: float) -> None:
        poll = select.poll()  # takes any descriptor, unlike select
        for source in (self._reading, self._woken):
            poll.register(source.fileno(), select.POLLIN)
        poll.poll(seconds * 1000)

    def _take_wakes(self) -> bool:
        try:
            return bool(self._woken.recv(4096))
        except BlockingIOError:
            return False


class _Link:
    """A connection that is made when it is needed, and made again after it broke."""

    def __init__(self, conninfo: str, *, listens: bool = False) -> None:
        self._conninfo = conninfo
        self._listens = listens
        self._connection: _Connection | None = None
        self._was_told = False

    def fileno(self) -> int:
        return self._connected().fileno()

    def ask(self, sql: str, values: Sequence[Any]) -> tuple[list[Any], bool]:
        """The rows, and whether a word came with them."""
        try:
            connection = self._connected()
            self._was_told = False
            cursor = connection.execute(sql, values)
            rows = cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError as error:
            self.close()
            raise Unavailable(f"The database of the event bus does not answer: {error}") from error
        return rows, self._was_told

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connected(self) -> _Connection:
        connection = self._connection
        if connection is None or connection.closed:
            connection = psycopg.connect(self._conninfo, autocommit=True)
            if self._listens:
                connection.add_notify_handler(self._note)
                connection.execute(f"LISTEN {CHANNEL}")
            self._connection = connection
        return connection

    def _note(self, notify: psycopg.Notify) -> None:
        self._was_told = True


def _received(rows: Sequence[Any]) -> list[Received]:
    return [Received(shard, bytes(body), str(number)) for number, shard, body in sorted(rows)]
