"""Several statements in one round trip and one write. psycopg's pipeline writes each statement by
itself: for small ones that costs more than their work."""

from __future__ import annotations

import re
import select
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

Rows = list[tuple[Any, ...]]
# Text with psycopg's placeholders, and what `str` makes PostgreSQL's input of: texts (array
# literals, too), numbers, truths; or None.
Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]

_PLACE = re.compile(r"%(?:\((\w+)\))?s")
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED)


@dataclass(frozen=True, slots=True)
class _Call:
    """One result to come: of a statement, or of its preparation (`prepares`: its text)."""

    name: bytes
    query: bytes = b""
    values: Sequence[bytes | None] = ()
    prepares: str | None = None


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """One that can do so by itself."""

    def together(self, statements: Sequence[Statement]) -> list[Rows]:
        return run_together(self, statements)


# Of each connection the statements that it has prepared: text -> name.
_prepared: WeakKeyDictionary[psycopg.Connection[Any], dict[str, bytes]] = WeakKeyDictionary()


def run_together(
    connection: psycopg.Connection[Any], statements: Sequence[Statement]
) -> list[Rows]:
    """The rows of each. Without BEGIN, and outside a transaction, they are one transaction. After
    an error the rest is not run; the error is raised. What is given this way is prepared, once
    for each text."""
    known = _prepared.setdefault(connection, {})
    asked = _calls(statements, known, connection.info.encoding)
    with connection.lock:
        try:
            results = _exchange(connection.pgconn, asked)
        except BaseException:
            connection.close()  # in the middle of it nobody knows what is to come
            raise
    found = []
    for call, result in zip(asked, results, strict=True):
        if result.status in _FAILED:
            raise error_from_result(result, encoding=connection.info.encoding)
        if call.prepares is not None:
            known[call.prepares] = call.name
        else:
            found.append(_rows(connection, result))
    return found


def _calls(
    statements: Sequence[Statement], known: Mapping[str, bytes], encoding: str
) -> list[_Call]:
    calls: list[_Call] = []
    new: dict[str, bytes] = {}
    for text, values in statements:
        query, names = _compiled(text)
        name = known.get(text) or new.get(text)
        if name is None:
            name = new[text] = b"t%d" % (len(known) + len(new))
            calls.append(_Call(name, query.encode(encoding), prepares=text))
        given = values if isinstance(values, Sequence) else [values[key] for key in names]
        calls.append(_Call(name, values=[_written(value, encoding) for value in given]))
    return calls


def _rows(connection: psycopg.Connection[Any], result: PGresult) -> Rows:
    if result.status != ExecStatus.TUPLES_OK:
        return []
    transformer = Transformer(connection)
    transformer.set_pgresult(result)
    return transformer.load_rows(0, result.ntuples, tuple)


@cache
def _compiled(text: str) -> tuple[str, tuple[str, ...]]:
    """The text with PostgreSQL's own placeholders, and the names of the values in their order; no
    names if they go by place."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1] or str(len(names))
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PLACE.sub(number, text), tuple(names)


def _written(value: Any, encoding: str) -> bytes | None:
    return None if value is None else str(value).encode(encoding)


def _exchange(connection: PGconn, calls: Sequence[_Call]) -> list[PGresult]:
    """The result of each."""
    connection.enter_pipeline_mode()
    for call in calls:
        if call.prepares is not None:
            connection.send_prepare(call.name, call.query)
        else:
            connection.send_query_prepared(call.name, call.values)
    connection.pipeline_sync()
    results = list(_results(connection))
    connection.exit_pipeline_mode()
    return results


def _results(connection: PGconn) -> Iterator[PGresult]:
    """All, up to the mark of the end. Raises OperationalError when the connection breaks."""
    poll = select.poll()  # takes any descriptor, unlike select
    poll.register(connection.socket, select.POLLIN | select.POLLOUT)
    while connection.flush():  # the server may want to be read before it reads on
        if any(event & ~select.POLLOUT for _, event in poll.poll()):
            connection.consume_input()
    poll.modify(connection.socket, select.POLLIN)
    was_nothing = False
    while True:
        while connection.is_busy():
            poll.poll()
            connection.consume_input()
        result = connection.get_result()
        if result is None:  # it ends each statement; twice, and there is nothing to come
            if was_nothing:
                raise psycopg.OperationalError("the connection to the database was lost")
        elif result.status == ExecStatus.PIPELINE_SYNC:
            return
        else:
            yield result
        was_nothing = result is None
