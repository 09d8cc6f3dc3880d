"""Measures a bare Celery worker; a program of its own, because its app is configured by the
environment. Arguments: what to measure, of what size, how often. Prints seconds as JSON."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Callable

import redis
from celery import chain

from benchmarks.floors.celery_app import URL, answer, answer_last, nothing

_connection = redis.Redis.from_url(URL, socket_timeout=None)


def in_a_row(size: int) -> None:
    """Tasks that each start the next; one is a round trip."""
    key = uuid.uuid4().hex
    if size == 1:
        answer.delay(key)
    else:
        chain(*(nothing.si() for _ in range(size - 1)), answer.si(key)).apply_async()
    _wait_for(key)


def at_once(size: int) -> None:
    key = uuid.uuid4().hex
    for _ in range(size):
        answer_last.delay(key, size)
    _wait_for(key)


def _wait_for(key: str) -> None:
    if _connection.blpop([key], timeout=60) is None:
        raise TimeoutError("the bare Celery worker does not answer")


MEASURES: dict[str, Callable[[int], None]] = {"in_a_row": in_a_row, "at_once": at_once}


def main() -> None:
    measure, size, count = MEASURES[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
    measure(size)
    found = []
    for _ in range(count):
        started = time.perf_counter()
        measure(size)
        found.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
