"""What every event bus keeps, whatever carries it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from executions.bus.contract import Bus, Message, Received
from executions.bus.memory import MemoryBus
from executions.bus.postgres import PostgresBus
from executions.bus.redis import RedisBus
from tests.support.waiting import DEADLINE, in_thread, wait_for

SHARDS = (1, 2, 3)
REDIS = pytest.param("redis", marks=pytest.mark.redis)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


class Place:
    """Where the messages of a test lie: opens buses over it, and empties it."""

    def __init__(
        self,
        open_bus: Callable[[str], Bus],
        empty: Callable[[], Any] = lambda: None,
        is_blocked: Callable[[], bool] = lambda: True,
    ) -> None:
        self._open = open_bus
        self._opened: list[Bus] = []
        self.empty = empty
        # whether a receiver waits at the server; where nobody can tell, it may
        self.is_blocked = is_blocked

    def bus(self, owner: str) -> Bus:
        """Each call is another process, as it were."""
        self._opened.append(self._open(owner))
        return self._opened[-1]

    def close(self) -> None:
        for bus in self._opened:
            bus.close()


def _empty_table(conninfo: str) -> None:
    import psycopg

    with psycopg.connect(conninfo) as connection:
        connection.execute("TRUNCATE executions_busmessage")


def _is_blocked(url: str) -> bool:
    import redis

    with redis.Redis.from_url(url) as client:
        found: dict[str, Any] = client.info("clients")
        return bool(found["blocked_clients"])


def _place(kind: str, request: Any) -> Place:
    if kind == "memory":
        bus = MemoryBus()
        return Place(lambda _: bus)
    if kind == "redis":
        server = request.getfixturevalue("redis_server")
        return Place(
            lambda owner: RedisBus(server.url, owner), server.empty, lambda: _is_blocked(server.url)
        )
    conninfo = request.getfixturevalue("postgres_database")
    _empty_table(conninfo)
    return Place(lambda owner: PostgresBus(conninfo, owner), lambda: _empty_table(conninfo))


@pytest.fixture(params=["memory", REDIS, POSTGRES])
def place(request: Any) -> Iterator[Place]:
    found = _place(request.param, request)
    yield found
    found.close()


@pytest.fixture(params=[REDIS, POSTGRES])
def lasting_place(request: Any) -> Iterator[Place]:
    """Of the buses whose messages outlive their receiver."""
    found = _place(request.param, request)
    yield found
    found.close()


@pytest.fixture
def bus(place: Place) -> Bus:
    found = place.bus("owner")
    found.take_over(SHARDS)
    return found


@pytest.fixture
def lasting(lasting_place: Place) -> Bus:
    found = lasting_place.bus("owner")
    found.take_over(SHARDS)
    return found


def publish(bus: Bus, *bodies: str, shard: int = 1) -> None:
    bus.publish([Message(shard, body.encode()) for body in bodies])


def bodies_of(received: list[Received]) -> list[str]:
    return [message.body.decode() for message in received]


def take(bus: Bus, count: int, **options: Any) -> list[Received]:
    """That many messages, however they are cut."""
    found: list[Received] = []

    def enough() -> bool:
        found.extend(bus.receive(SHARDS, timeout_seconds=0.2, **options))
        return len(found) >= count

    wait_for(enough, f"{count} messages")
    return found


def test_what_is_published_is_received_in_its_order(bus):
    publish(bus, "one", "two")
    publish(bus, "three")

    assert bodies_of(take(bus, 3)) == ["one", "two", "three"]


def test_a_message_tells_its_shard(bus):
    publish(bus, "one", shard=1)
    publish(bus, "three", shard=3)

    found = {message.body: message.shard for message in take(bus, 2)}

    assert found == {b"one": 1, b"three": 3}


@pytest.mark.parametrize("body", [b"", b"{}", "größer ☃".encode(), b"\x00\xff", b"x" * 1_000_000])
def test_bodies_arrive_as_they_are(bus, body):
    bus.publish([Message(2, body)])

    assert [message.body for message in take(bus, 1)] == [body]


def test_nothing_is_published_by_nothing(bus):
    bus.publish([])

    assert bus.receive(SHARDS, timeout_seconds=0) == []


def test_0_seconds_do_not_block(bus):
    assert bus.receive(SHARDS, timeout_seconds=0) == []


def test_the_end_of_the_time_gives_nothing(bus):
    assert bus.receive(SHARDS, timeout_seconds=0.05) == []


def test_a_message_is_received_once(bus):
    publish(bus, "one")
    take(bus, 1)

    assert bus.receive(SHARDS, timeout_seconds=0) == []


def test_a_blocked_receive_ends_with_a_message(bus):
    waiting = in_thread(lambda: bus.receive(SHARDS, timeout_seconds=2 * DEADLINE))

    publish(bus, "one")

    assert bodies_of(waiting.result(DEADLINE)) == ["one"]


def test_a_blocked_receive_ends_with_a_wake(bus):
    waiting = in_thread(lambda: bus.receive(SHARDS, timeout_seconds=2 * DEADLINE))

    bus.wake()

    assert waiting.result(DEADLINE) == []


def test_a_wake_that_comes_early_is_not_forgotten(bus):
    bus.wake()

    waiting = in_thread(lambda: bus.receive(SHARDS, timeout_seconds=2 * DEADLINE))

    assert waiting.result(DEADLINE) == []


def test_many_wakes_hide_no_message(bus):
    for _ in range(100):
        bus.wake()
    publish(bus, "one")

    assert bodies_of(take(bus, 1)) == ["one"]


def test_many_threads_may_publish(bus):
    threads = [
        in_thread(lambda n=n: publish(bus, *(f"{n}-{m}" for m in range(50)))) for n in range(8)
    ]
    for thread in threads:
        thread.result(DEADLINE)

    assert len(set(bodies_of(take(bus, 400)))) == 400


def test_what_was_acknowledged_may_be_acknowledged_again(bus):
    publish(bus, "one")
    found = take(bus, 1)

    bus.acknowledge(found)
    bus.acknowledge(found)
    bus.acknowledge([])

    assert bus.take_over(SHARDS) == []


def test_nothing_was_lost_at_first(bus):
    assert not bus.lost_data()


# ---- buses whose messages outlive their receiver ------------------------------------------------
def test_only_the_shards_that_are_asked_for_are_received(lasting):
    publish(lasting, "one", shard=1)
    publish(lasting, "two", shard=2)

    assert bodies_of(lasting.receive([2], timeout_seconds=1)) == ["two"]
    assert bodies_of(lasting.receive([1], timeout_seconds=1)) == ["one"]


def test_what_was_published_before_the_shard_had_an_owner_is_received(lasting_place):
    publish(lasting_place.bus("web"), "early")
    bus = lasting_place.bus("owner")
    bus.take_over(SHARDS)

    assert bodies_of(take(bus, 1)) == ["early"]


def test_a_message_from_another_process_ends_a_blocked_receive(lasting, lasting_place):
    waiting = in_thread(lambda: lasting.receive(SHARDS, timeout_seconds=2 * DEADLINE))

    publish(lasting_place.bus("web"), "one")

    assert bodies_of(waiting.result(DEADLINE)) == ["one"]


def test_a_wake_is_for_one_owner(lasting, lasting_place):
    other = lasting_place.bus("other")
    other.take_over([7])
    lasting.wake()

    assert lasting.receive(SHARDS, timeout_seconds=DEADLINE) == []
    publish(other, "one", shard=7)
    assert bodies_of(other.receive([7], timeout_seconds=DEADLINE)) == ["one"]


def test_the_next_owner_gets_what_was_not_acknowledged(lasting, lasting_place):
    publish(lasting, "one", "two", "three")
    first, *_ = take(lasting, 3)
    lasting.acknowledge([first])

    found = lasting_place.bus("next").take_over(SHARDS)

    assert sorted(bodies_of(found)) == ["three", "two"]


def test_the_next_owner_may_acknowledge_it(lasting, lasting_place):
    publish(lasting, "one")
    take(lasting, 1)
    following = lasting_place.bus("next")

    following.acknowledge(following.take_over(SHARDS))

    assert lasting_place.bus("last").take_over(SHARDS) == []


def test_an_owner_that_comes_back_gets_its_own_again(lasting):
    publish(lasting, "one")
    take(lasting, 1)

    assert bodies_of(lasting.take_over(SHARDS)) == ["one"]


def test_only_the_shards_that_are_taken_over_are_given(lasting, lasting_place):
    publish(lasting, "one", shard=1)
    publish(lasting, "two", shard=2)
    take(lasting, 2)

    assert bodies_of(lasting_place.bus("next").take_over([2])) == ["two"]


def test_a_take_over_has_no_bound(lasting, lasting_place):
    publish(lasting, *map(str, range(1200)))
    take(lasting, 1200)

    found = lasting_place.bus("next").take_over(SHARDS)

    assert len({message.mark for message in found}) == 1200


def test_an_emptied_server_is_noticed_once(lasting, lasting_place):
    lasting_place.empty()

    assert lasting.lost_data()
    assert not lasting.lost_data()


def test_the_bus_goes_on_after_it_was_emptied(lasting, lasting_place):
    publish(lasting, "lost")
    lasting_place.empty()

    publish(lasting, "kept")

    assert bodies_of(take(lasting, 1)) == ["kept"]


def test_a_wake_works_after_all_was_emptied(lasting, lasting_place):
    lasting_place.empty()
    waiting = in_thread(
        lambda: [lasting.receive(SHARDS, timeout_seconds=2 * DEADLINE) for _ in range(2)]
    )

    def woken() -> bool:
        lasting.wake()
        return waiting.done()

    assert wait_for(woken)
    assert waiting.result(DEADLINE) == [[], []]


def test_messages_that_were_lost_can_be_acknowledged(lasting, lasting_place):
    publish(lasting, "one")
    found = take(lasting, 1)
    lasting_place.empty()

    lasting.acknowledge(found)

    assert lasting.receive(SHARDS, timeout_seconds=0) == []


def test_shards_may_be_taken_over_after_all_was_emptied(lasting, lasting_place):
    lasting_place.empty()

    assert lasting.take_over(SHARDS) == []
    publish(lasting, "one")
    assert bodies_of(take(lasting, 1)) == ["one"]


@pytest.mark.redis
def test_a_redis_that_was_started_anew_is_emptied(redis_server):
    import redis

    bus = RedisBus(redis_server.url, "owner")
    bus.take_over(SHARDS)
    redis_server.stop()
    with pytest.raises(redis.ConnectionError):
        publish(bus, "lost")

    redis_server.start()

    assert bus.lost_data()
    publish(bus, "kept")
    assert bodies_of(take(bus, 1)) == ["kept"]
    bus.close()


@pytest.mark.postgres
def test_a_broken_connection_is_said_and_made_again(postgres_database):
    import psycopg

    from common.errors import Unavailable

    _empty_table(postgres_database)
    bus = PostgresBus(postgres_database, "owner")
    bus.take_over(SHARDS)
    bus.receive(SHARDS, timeout_seconds=0)
    with psycopg.connect(postgres_database) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    with pytest.raises(Unavailable):
        publish(bus, "lost")
    with pytest.raises(Unavailable):
        bus.receive(SHARDS, timeout_seconds=DEADLINE)

    publish(bus, "kept")
    assert bodies_of(take(bus, 1)) == ["kept"]
    bus.close()


@pytest.mark.postgres
def test_messages_on_postgresql_cost_no_log_of_the_server(postgres_database):
    import psycopg

    with psycopg.connect(postgres_database) as connection:
        row = connection.execute(
            "SELECT relpersistence FROM pg_class WHERE relname = 'executions_busmessage'"
        ).fetchone()

    assert row == ("u",)


def test_a_receive_is_bounded_over_all_shards(bus):
    for shard in SHARDS:
        publish(bus, *map(str, range(20)), shard=shard)

    first = bus.receive(SHARDS, timeout_seconds=1, limit=10)

    assert 1 <= len(first) <= 10
    rest = take(bus, 60 - len(first), limit=10)
    assert len(first) + len(rest) == 60


def test_what_never_came_over_the_bus_is_acknowledged_beside_what_did(lasting, lasting_place):
    """Rows that were swept from the inbox have no mark."""
    publish(lasting, "one")
    found = take(lasting, 1)

    lasting.acknowledge([Received(1, b"swept", ""), *found])

    assert lasting_place.bus("next").take_over(SHARDS) == []


def test_a_receive_that_blocks_while_all_is_emptied_finds_what_comes_then(lasting, lasting_place):
    def receive():
        found = []
        while not found:
            found = lasting.receive(SHARDS, timeout_seconds=2 * DEADLINE)
        return found

    waiting = in_thread(receive)
    wait_for(lasting_place.is_blocked, "the receiver")
    lasting_place.empty()

    publish(lasting_place.bus("web"), "kept")

    assert bodies_of(waiting.result(DEADLINE)) == ["kept"]


def test_each_process_notices_for_itself_that_redis_was_emptied(redis_url):
    first, second = RedisBus(redis_url, "first"), RedisBus(redis_url, "second")
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()

    assert [first.lost_data(), second.lost_data()] == [True, True]
    assert [first.lost_data(), second.lost_data()] == [False, False]

    first.close()
    second.close()
