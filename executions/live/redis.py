"""Live updates between processes: Redis pub/sub, one channel, one subscription a process."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

import redis

from common.json import dump_bytes, loads
from executions.live.contract import LiveUpdates, Note
from executions.live.memory import Listener, MemoryLiveUpdates
from executions.live.snapshot import to_map

log = logging.getLogger("kestra.live")

CHANNEL = "kestra:live"


class RedisLiveUpdates(LiveUpdates):
    """Publishes from any process; `subscribe` opens this process's one subscription at first
    use."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._redis = redis.Redis.from_url(url, socket_timeout=10)
        self._local = MemoryLiveUpdates()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = threading.Event()

    def publish(self, notes: Sequence[Note]) -> None:
        if notes:
            body = [_entry(note) for note in notes]
            try:
                self._redis.publish(CHANNEL, dump_bytes(body))
            except redis.RedisError as error:
                # who follows reads the rows; what is told here must stop nobody
                log.warning("live: Redis does not answer (%s); a note is lost", error)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="live", daemon=True)
                self._thread.start()
        return self._local.subscribe(listener)

    def close(self) -> None:
        self._is_closed.set()
        self._local.close()
        self._redis.close()

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            try:
                self._listen_once()
            except redis.RedisError as error:
                log.warning("live: Redis does not answer (%s); trying again", error)
                self._is_closed.wait(1.0)

    def _listen_once(self) -> None:
        with (
            redis.Redis.from_url(self._url, socket_timeout=None) as connection,
            connection.pubsub(ignore_subscribe_messages=True) as channel,
        ):
            channel.subscribe(CHANNEL)
            while not self._is_closed.is_set():
                message = channel.get_message(timeout=5.0)
                if message is not None:
                    self._local.publish([Note(*entry) for entry in loads(message["data"])])


def _entry(note: Note) -> list[Any]:
    entry = [note.tenant, note.execution_id, note.kind, note.detail]
    return entry if note.content is None else [*entry, to_map(note.content)]
