"""The distributed bus: a Redis stream a shard, read by a consumer group. An emptied Redis is
noticed by a marker key, and its groups are made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import redis

from common.ids import new_id
from executions.bus.contract import Bus, Message, Received

GROUP = "executor"
# A stream never holds more than this; what is cut off is swept from the inbox or sent again.
STREAM_LIMIT = 100_000
# The wake stream of an owner that was killed goes away after this; a living one renews it.
WAKE_SECONDS = 3600

_CLAIMED_AT_ONCE = 500
# What Redis says when the streams of a read are gone.
_EMPTIED = ("NOGROUP", "UNBLOCKED")


class RedisBus(Bus):
    """`owner` names the consumer and its private wake stream."""

    def __init__(self, url: str, owner: str, *, prefix: str = "kestra") -> None:
        self._prefix = prefix
        self._owner = owner
        # redis-py's own time-out would end a longer block with an error
        self._reading = redis.Redis.from_url(url, socket_timeout=None)
        self._writing = redis.Redis.from_url(url, socket_timeout=10)
        self._marker = f"{prefix}:bus:alive"
        self._wake_key = f"{prefix}:bus:wake:{owner}"
        self._seen_marker = self._read_marker()

    def publish(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        pipe = self._writing.pipeline(transaction=False)
        for message in messages:
            pipe.xadd(
                self._key(message.shard), {"b": message.body}, maxlen=STREAM_LIMIT, approximate=True
            )
        pipe.execute()

    def take_over(self, shards: Collection[int]) -> list[Received]:
        keys = [self._key(shard) for shard in shards]
        self._make_groups([*keys, self._wake_key])
        pipe = self._writing.pipeline(transaction=False)
        pipe.expire(self._wake_key, WAKE_SECONDS)
        for key in keys:
            pipe.xautoclaim(key, GROUP, self._owner, min_idle_time=0, count=_CLAIMED_AT_ONCE)
        _, *answers = pipe.execute()
        return [
            received
            for shard, answer in zip(shards, answers, strict=True)
            for received in self._pending(shard, answer)
        ]

    def receive(
        self, shards: Collection[int], *, timeout_seconds: float, limit: int = 500
    ) -> list[Received]:
        streams: dict[Any, Any] = {self._key(shard): ">" for shard in shards}
        streams[self._wake_key] = ">"
        block = max(1, int(timeout_seconds * 1000)) if timeout_seconds > 0 else None
        try:
            # COUNT holds for each stream
            count = max(1, limit // len(streams))
            answer = self._reading.xreadgroup(GROUP, self._owner, streams, count=count, block=block)
        except redis.ResponseError as error:
            if not any(word in str(error) for word in _EMPTIED):
                raise
            self._make_groups(streams)
            return []
        return self._parse(answer or [])

    def acknowledge(self, received: Sequence[Received]) -> None:
        by_shard: dict[int, list[str]] = {}
        for message in received:
            if message.mark:  # rows that were swept never came over the bus
                by_shard.setdefault(message.shard, []).append(message.mark)
        if not by_shard:
            return
        pipe = self._writing.pipeline(transaction=False)
        for shard, marks in by_shard.items():
            pipe.xack(self._key(shard), GROUP, *marks)
            pipe.xdel(self._key(shard), *marks)
        pipe.execute(raise_on_error=False)  # NOGROUP after an emptied Redis: nothing left to do

    def wake(self) -> None:
        self._writing.xadd(self._wake_key, {"b": b""}, maxlen=10, approximate=True)

    def lost_data(self) -> bool:
        seen, self._seen_marker = self._seen_marker, self._read_marker()
        return bool(seen != self._seen_marker)

    def close(self) -> None:
        self._writing.delete(self._wake_key)
        self._reading.close()
        self._writing.close()

    def _read_marker(self) -> Any:
        """A new value in an emptied Redis, so that each process notices for itself."""
        self._writing.set(self._marker, new_id(), nx=True)
        return self._writing.get(self._marker)

    def _key(self, shard: int) -> str:
        return f"{self._prefix}:bus:shard:{shard}"

    def _make_groups(self, keys: Iterable[str]) -> None:
        pipe = self._writing.pipeline(transaction=False)
        for key in keys:
            pipe.xgroup_create(key, GROUP, id="0", mkstream=True)
        for answer in pipe.execute(raise_on_error=False):
            if isinstance(answer, Exception) and "BUSYGROUP" not in str(answer):
                raise answer

    def _pending(self, shard: int, answer: Any) -> list[Received]:
        """What the first call gave, and what is left to claim."""
        found: list[Received] = []
        while True:
            start, entries = answer[0], answer[1]
            found.extend(
                Received(shard, fields[b"b"], mark.decode()) for mark, fields in entries if fields
            )
            if start == b"0-0":
                return found
            answer = self._writing.xautoclaim(
                self._key(shard),
                GROUP,
                self._owner,
                min_idle_time=0,
                start_id=start,
                count=_CLAIMED_AT_ONCE,
            )

    def _parse(self, answer: Any) -> list[Received]:
        streams = answer.items() if isinstance(answer, dict) else answer
        found: list[Received] = []
        for key, entries in streams:
            name = key.decode()
            flat = entries[0] if isinstance(answer, dict) else entries
            if name == self._wake_key:
                self._writing.xdel(self._wake_key, *(mark for mark, _ in flat))
                self._writing.xack(self._wake_key, GROUP, *(mark for mark, _ in flat))
                continue
            shard = int(name.rsplit(":", 1)[1])
            found.extend(
                Received(shard, fields[b"b"], mark.decode()) for mark, fields in flat if fields
            )
        return found
