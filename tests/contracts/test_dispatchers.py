"""What every dispatcher keeps; that Celery itself understands what is pushed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import redis
from celery.contrib.testing.worker import start_worker
from kombu import Connection, Queue

from executions.dispatch.celery import (
    DEFAULT_GROUP,
    KILL_CHANNEL,
    TASK_NAME,
    CeleryDispatcher,
    items_from_json,
    queue_name,
    tokens_of,
)
from executions.dispatch.contract import Bundle, Dispatcher, WorkItem
from executions.dispatch.threads import ThreadDispatcher
from executions.worker import current
from executions.worker.kill_listener import KillListener
from kestra_site.celery import make_app
from tests.support.listeners import end_listeners, wait_for_listener
from tests.support.waiting import DEADLINE, wait_for

ITEM = WorkItem(
    tenant="main",
    namespace="company.größe",
    execution_id="execution",
    task_run_id="run",
    token="token",
    day=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
)
LIGHT = replace(ITEM, is_light=True)


@dataclass
class Road:
    """A dispatcher and its far end. `received` gives the bundles that came for a worker group."""

    dispatcher: Dispatcher
    received: Callable[[str, bool], list[tuple[WorkItem, ...]]]
    killed: Callable[[], list[str]]


class FakeHost:
    def __init__(self) -> None:
        self.accepted: list[tuple[WorkItem, ...]] = []
        self.killed: list[str] = []

    def accept(self, items: Any) -> None:
        self.accepted.append(tuple(items))

    def kill(self, tokens: Any) -> None:
        self.killed.extend(tokens)


def _threads() -> Iterator[Road]:
    host = FakeHost()

    def received(group: str, is_light: bool) -> list[tuple[WorkItem, ...]]:
        return [
            items
            for items in host.accepted
            if items[0].group == group and items[0].is_light is is_light
        ]

    yield Road(ThreadDispatcher(lambda: host), received, lambda: host.killed)


def _celery(url: str) -> Iterator[Road]:
    killed: list[str] = []
    end_listeners(url)
    listener = KillListener(url, killed.extend)
    listener.start()
    wait_for_listener(url, KILL_CHANNEL)
    dispatcher = CeleryDispatcher(url)

    def received(group: str, is_light: bool) -> list[tuple[WorkItem, ...]]:
        return [
            items_from_json(message.decode()[0][0])
            for message in _messages(url, queue_name(group, is_light=is_light))
        ]

    yield Road(dispatcher, received, lambda: killed)
    listener.close()
    dispatcher.close()


def _messages(url: str, queue: str) -> list[Any]:
    """What kombu finds there, oldest first."""
    found = []
    with Connection(url) as connection:
        bound = Queue(queue, routing_key=queue)(connection.default_channel)
        while (message := bound.get()) is not None:
            message.ack()
            found.append(message)
    return found


@pytest.fixture(params=["threads", pytest.param("celery", marks=pytest.mark.redis)])
def road(request: Any) -> Iterator[Road]:
    if request.param == "threads":
        yield from _threads()
    else:
        yield from _celery(request.getfixturevalue("redis_url"))


def test_a_bundle_arrives_whole_and_as_it_was(road):
    items = tuple(replace(LIGHT, token=f"token-{n}") for n in range(50))

    road.dispatcher.send([Bundle("", items)])

    assert road.received("", True) == [items]


def test_bundles_arrive_in_their_order(road):
    bundles = [Bundle("", (replace(ITEM, token=f"token-{n}"),)) for n in range(20)]

    road.dispatcher.send(bundles)

    assert road.received("", False) == [bundle.items for bundle in bundles]


def test_light_and_heavy_go_separate_ways(road):
    road.dispatcher.send([Bundle("", (ITEM,)), Bundle("", (LIGHT,))])

    assert road.received("", True) == [(LIGHT,)]
    assert road.received("", False) == [(ITEM,)]


def test_each_worker_group_gets_its_own(road):
    gpu = replace(ITEM, group="gpu")

    road.dispatcher.send([Bundle("gpu", (gpu,)), Bundle("", (ITEM,))])

    assert road.received("gpu", False) == [(gpu,)]
    assert road.received("", False) == [(ITEM,)]


def test_nothing_is_sent_by_nothing(road):
    road.dispatcher.send([])

    assert road.received("", False) == []


def test_a_kill_reaches_the_worker(road):
    road.dispatcher.kill(["one", "two"])

    assert wait_for(road.killed) == ["one", "two"]


def test_nothing_was_lost_at_first(road):
    assert not road.dispatcher.lost_data()


# ---- Celery -------------------------------------------------------------------------------------
@pytest.fixture
def celery_dispatcher(redis_url: str) -> Iterator[CeleryDispatcher]:
    dispatcher = CeleryDispatcher(redis_url)
    yield dispatcher
    dispatcher.close()


@pytest.mark.redis
def test_an_emptied_broker_is_noticed_once(celery_dispatcher, redis_server):
    redis_server.empty()

    assert celery_dispatcher.lost_data()
    assert not celery_dispatcher.lost_data()


@pytest.mark.redis
def test_a_message_is_one_of_protocol_2(celery_dispatcher, redis_url):
    celery_dispatcher.send([Bundle("", (ITEM,))])

    (message,) = _messages(redis_url, queue_name("", is_light=False))

    assert message.headers["task"] == TASK_NAME
    assert message.headers["id"] == message.properties["correlation_id"]
    assert message.headers["ignore_result"] is True
    args, kwargs, embed = message.decode()
    assert (len(args), kwargs) == (1, {})
    assert set(embed) == {"callbacks", "errbacks", "chain", "chord"}


@pytest.mark.redis
def test_every_message_has_an_id_and_a_tag_of_its_own(celery_dispatcher, redis_url):
    celery_dispatcher.send([Bundle("", (ITEM,)), Bundle("", (ITEM,))])

    messages = _messages(redis_url, queue_name("", is_light=False))

    assert len({message.headers["id"] for message in messages}) == 2
    assert len({message.delivery_tag for message in messages}) == 2


@pytest.mark.redis
def test_messages_hold_ids_and_little_else(celery_dispatcher, redis_url):
    import redis

    celery_dispatcher.send([Bundle("", (ITEM,))])

    with redis.Redis.from_url(redis_url) as client:
        (body,) = client.lrange(queue_name("", is_light=False), 0, -1)
    assert len(body) < 1_500


@pytest.mark.redis
def test_a_worker_of_celery_hands_over_what_was_pushed(celery_dispatcher, redis_url, monkeypatch):
    """The product's app, consumer and door: only the host is the test's."""
    host = FakeHost()
    monkeypatch.setattr(current, "_host", [host])
    queue = queue_name("", is_light=True)
    app = make_app()
    app.conf.update(
        broker_url=redis_url,
        broker_connection_retry_on_startup=False,
        task_queues=[Queue(queue, routing_key=queue)],
    )

    celery_dispatcher.send([Bundle("", (LIGHT, replace(LIGHT, token="other", reads=("a", "b"))))])
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=DEADLINE):
        wait_for(lambda: host.accepted)
        with redis.Redis.from_url(redis_url) as client:
            assert not client.exists("unacked", "unacked_index")

    assert host.accepted == [(LIGHT, replace(LIGHT, token="other", reads=("a", "b")))]


def test_a_queue_is_a_group_and_a_kind():
    assert queue_name("", is_light=True) == f"kestra.{DEFAULT_GROUP}.light"
    assert queue_name("gpu", is_light=False) == "kestra.gpu.heavy"


def test_the_kill_channel_carries_tokens():
    assert tokens_of({"data": b'["one","two"]'}) == ["one", "two"]


# ---- threads ------------------------------------------------------------------------------------
def test_the_host_is_asked_for_when_it_is_needed():
    hosts: list[FakeHost] = []
    dispatcher = ThreadDispatcher(lambda: hosts[0])
    hosts.append(FakeHost())

    dispatcher.send([Bundle("", (ITEM,))])

    assert hosts[0].accepted == [(ITEM,)]
