"""Measures a bare Celery worker; a program of its own, because Celery is configured by its
environment: prints one JSON object. Arguments: what to measure, how often."""

from __future__ import annotations

import json
import sys
import time
import uuid
from collections.abc import Callable

import redis
from celery import chain

from benchmarks.floors.celery_app import URL, answer, answer_last, nothing

MANY, FEW = 2_000, 40
_connection = redis.Redis.from_url(URL, socket_timeout=None)


def _wait_for(key: str) -> None:
    if _connection.blpop([key], timeout=60) is None:
        raise TimeoutError("the bare Celery worker does not answer")


def round_trip() -> None:
    key = uuid.uuid4().hex
    answer.delay(key)
    _wait_for(key)


def chain_of_few() -> None:
    key = uuid.uuid4().hex
    chain(*(nothing.si() for _ in range(FEW - 1)), answer.si(key)).apply_async()
    _wait_for(key)


def _at_once(count: int) -> None:
    key = uuid.uuid4().hex
    for _ in range(count):
        answer_last.delay(key, count)
    _wait_for(key)


def few_at_once() -> None:
    _at_once(FEW)


def many_at_once() -> None:
    _at_once(MANY)


MEASURES: dict[str, Callable[[], None]] = {
    measure.__name__: measure for measure in (round_trip, chain_of_few, few_at_once, many_at_once)
}


def main() -> None:
    measure, count = MEASURES[sys.argv[1]], int(sys.argv[2])
    measure()
    found = []
    for _ in range(count):
        started = time.perf_counter()
        measure()
        found.append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
