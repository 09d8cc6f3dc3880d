"""Tasks of a bare Celery app, with the broker settings of the product. Nothing of the product is in
the processes that import it."""

from __future__ import annotations

import itertools
import os
from collections import defaultdict
from collections.abc import Iterator

import redis
from celery import Celery

URL = os.environ["BENCH_BROKER_URL"]
app = Celery("floor", broker=URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    worker_prefetch_multiplier=4,
    broker_transport_options={
        "visibility_timeout": 86_400,
        "socket_keepalive": True,
        "health_check_interval": 30,
        "priority_steps": [0],
        "queue_order_strategy": "round_robin",
    },
)
_answers = redis.Redis.from_url(URL)
_counters: defaultdict[str, Iterator[int]] = defaultdict(lambda: itertools.count(1))


@app.task
def nothing() -> None:
    """The smallest task there is."""


@app.task
def answer(key: str) -> None:
    _answers.rpush(key, "1")


@app.task
def answer_last(key: str, total: int) -> None:
    """Answers when it was called for the last time."""
    if next(_counters[key]) == total:
        _answers.rpush(key, "1")
