"""What every kind of live updates keeps."""

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from executions.live.contract import Note
from executions.live.memory import MemoryLiveUpdates
from executions.live.redis import CHANNEL, RedisLiveUpdates
from tests.support.listeners import end_listeners, wait_for_listener
from tests.support.waiting import DEADLINE

STATE = Note("main", "execution", "state")
LOG = Note("main", "execution", "log", "größer")
END = Note("other", "execution-2", "end")

Subscribe = Callable[[], "SimpleQueue[Note]"]


@pytest.fixture
def redis_url(redis_url: str) -> str:
    end_listeners(redis_url)
    return redis_url


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def live(request: Any) -> Iterator[Any]:
    if request.param == "memory":
        updates: Any = MemoryLiveUpdates()
    else:
        updates = RedisLiveUpdates(request.getfixturevalue("redis_url"))
    yield updates
    updates.close()


@pytest.fixture
def subscribe(live: Any, request: Any) -> Subscribe:
    """A subscription that has arrived."""

    def subscribed() -> "SimpleQueue[Note]":
        notes: SimpleQueue[Note] = SimpleQueue()
        live.subscribe(notes.put)
        if isinstance(live, RedisLiveUpdates):
            wait_for_listener(request.getfixturevalue("redis_url"), CHANNEL)
        return notes

    return subscribed


def take(notes: "SimpleQueue[Note]", count: int) -> list[Note]:
    return [notes.get(timeout=DEADLINE) for _ in range(count)]


def test_notes_arrive_as_they_are_in_their_order(live, subscribe):
    notes = subscribe()

    live.publish([STATE, LOG])
    live.publish([END])

    assert take(notes, 3) == [STATE, LOG, END]


def test_every_listener_gets_every_note(live, subscribe):
    first, second = subscribe(), subscribe()

    live.publish([STATE])

    assert take(first, 1) == take(second, 1) == [STATE]


def test_who_has_left_hears_nothing(live, subscribe):
    heard: list[Note] = []
    leave = live.subscribe(heard.append)
    notes = subscribe()

    leave()
    live.publish([STATE])

    assert take(notes, 1) == [STATE]
    assert heard == []


def test_leaving_twice_is_no_matter(live):
    leave = live.subscribe(lambda note: None)

    leave()
    leave()


def test_nothing_is_published_by_nothing(live, subscribe):
    notes = subscribe()

    live.publish([])
    live.publish([END])

    assert take(notes, 1) == [END]


def test_without_listeners_nothing_happens(live):
    live.publish([STATE])


def test_after_the_end_nobody_hears_anything():
    live = MemoryLiveUpdates()
    notes: SimpleQueue[Note] = SimpleQueue()
    live.subscribe(notes.put)

    live.close()
    live.publish([STATE])

    with pytest.raises(Empty):
        notes.get_nowait()


@pytest.mark.redis
def test_notes_cross_processes(redis_url):
    here, there = RedisLiveUpdates(redis_url), RedisLiveUpdates(redis_url)
    notes: SimpleQueue[Note] = SimpleQueue()
    here.subscribe(notes.put)
    wait_for_listener(redis_url, CHANNEL)

    there.publish([STATE])

    assert take(notes, 1) == [STATE]
    here.close()
    there.close()


@pytest.mark.redis
def test_many_listeners_share_one_subscription(redis_url):
    import redis

    live = RedisLiveUpdates(redis_url)
    for _ in range(5):
        live.subscribe(lambda note: None)
    wait_for_listener(redis_url, CHANNEL)

    with redis.Redis.from_url(redis_url) as client:
        assert client.pubsub_numsub(CHANNEL)[0][1] == 1
    live.close()


@pytest.mark.redis
def test_listening_goes_on_after_redis_was_started_anew(redis_server, redis_url):
    live = RedisLiveUpdates(redis_server.url)
    notes: SimpleQueue[Note] = SimpleQueue()
    live.subscribe(notes.put)
    wait_for_listener(redis_server.url, CHANNEL)
    redis_server.stop()

    redis_server.start()
    wait_for_listener(redis_server.url, CHANNEL)
    live.publish([END])

    assert take(notes, 1) == [END]
    live.close()
