"""The distributed dispatcher: Celery messages, built by hand and pushed in one pipeline. A worker
group is a pair of queues: one for bundles of light tasks, one for the others."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import redis

from common.clock import from_iso, to_iso
from common.json import dump_bytes, dumps, loads
from executions.dispatch.contract import Bundle, Dispatcher, WorkItem

TASK_NAME = "executions.tasks.run_bundle"
KILL_CHANNEL = "kestra:workers:kill"
DEFAULT_GROUP = "default"


def queue_name(group: str, *, is_light: bool) -> str:
    kind = "light" if is_light else "heavy"
    return f"kestra.{group or DEFAULT_GROUP}.{kind}"


class CeleryDispatcher(Dispatcher):
    """Speaks Celery's message protocol 2 over the Redis transport: a list a queue."""

    def __init__(self, url: str, *, prefix: str = "kestra") -> None:
        self._redis = redis.Redis.from_url(url, socket_timeout=10)
        self._marker = f"{prefix}:broker:alive"
        self._seen_marker = self._read_marker()

    def send(self, bundles: Sequence[Bundle]) -> None:
        if not bundles:
            return
        if len(bundles) == 1:  # what a sequence waits for: a pipeline costs more than its call
            self._push(self._redis, bundles[0])
            return
        pipe = self._redis.pipeline(transaction=False)
        for bundle in bundles:
            self._push(pipe, bundle)
        pipe.execute()

    def _push(self, redis_: redis.Redis, bundle: Bundle) -> None:
        queue = queue_name(bundle.group, is_light=bundle.items[0].is_light)
        redis_.lpush(queue, _message(queue, bundle))

    def kill(self, tokens: Sequence[str]) -> None:
        self._redis.publish(KILL_CHANNEL, dump_bytes(list(tokens)))

    def lost_data(self) -> bool:
        seen, self._seen_marker = self._seen_marker, self._read_marker()
        return bool(seen != self._seen_marker)

    def _read_marker(self) -> Any:
        """A new value in an emptied Redis, so that each process notices for itself."""
        self._redis.set(self._marker, str(uuid.uuid4()), nx=True)
        return self._redis.get(self._marker)

    def close(self) -> None:
        self._redis.close()


def items_to_json(items: Sequence[WorkItem]) -> list[list[Any]]:
    return [
        [
            item.tenant,
            item.namespace,
            item.execution_id,
            item.task_run_id,
            item.token,
            to_iso(item.day),
            item.group,
            item.is_light,
            item.reads,
        ]
        for item in items
    ]


def items_from_json(entries: Sequence[Sequence[Any]]) -> tuple[WorkItem, ...]:
    return tuple(
        WorkItem(
            tenant=entry[0],
            namespace=entry[1],
            execution_id=entry[2],
            task_run_id=entry[3],
            token=entry[4],
            day=from_iso(entry[5]),
            group=entry[6],
            is_light=entry[7],
            reads=None if entry[8] is None else tuple(entry[8]),
        )
        for entry in entries
    )


def tokens_of(message: Mapping[str, Any]) -> list[str]:
    """The body of a message on the kill channel."""
    return list(loads(message["data"]))


def _message(queue: str, bundle: Bundle) -> bytes:
    task_id = str(uuid.uuid4())
    body = dumps([[items_to_json(bundle.items)], {}, _NO_CALLBACKS])
    return dump_bytes(
        {
            "body": base64.b64encode(body.encode()).decode(),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": {
                "lang": "py",
                "task": TASK_NAME,
                "id": task_id,
                "root_id": task_id,
                "parent_id": None,
                "group": None,
                "retries": 0,
                "eta": None,
                "expires": None,
                "timelimit": [None, None],
                "argsrepr": f"{len(bundle.items)} attempts",
                "kwargsrepr": "{}",
                "origin": "executor",
                "ignore_result": True,
                "stamped_headers": None,
                "stamps": {},
            },
            "properties": {
                "correlation_id": task_id,
                "reply_to": "",
                "delivery_mode": 2,
                "delivery_info": {"exchange": "", "routing_key": queue},
                "priority": 0,
                "body_encoding": "base64",
                "delivery_tag": str(uuid.uuid4()),
            },
        }
    )


_NO_CALLBACKS = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
