"""Kills that come to a worker over Redis. One that is missed is found at the next heartbeat."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

import redis

from executions.dispatch.celery import KILL_CHANNEL, tokens_of

log = logging.getLogger("kestra.worker")


class KillListener:
    """A daemon thread; `on_kill` gets the tokens."""

    def __init__(self, url: str, on_kill: Callable[[Sequence[str]], None]) -> None:
        self._url = url
        self._on_kill = on_kill
        self._is_closed = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="kills", daemon=True).start()

    def close(self) -> None:
        self._is_closed.set()

    def _run(self) -> None:
        while not self._is_closed.is_set():
            try:
                self._listen()
            except redis.RedisError as error:
                log.warning("worker: Redis does not answer (%s); trying again", error)
                self._is_closed.wait(1.0)

    def _listen(self) -> None:
        with (
            redis.Redis.from_url(self._url, socket_timeout=None) as connection,
            connection.pubsub(ignore_subscribe_messages=True) as channel,
        ):
            channel.subscribe(KILL_CHANNEL)
            while not self._is_closed.is_set():
                message = channel.get_message(timeout=5.0)
                if message is not None:
                    self._on_kill(tokens_of(message))
