"""One suite for every store of the engine: who owns which shard, who has claimed which attempt."""

import threading
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from common.errors import Misconfigured, Unavailable
from common.ids import SHARDS, new_id
from executions.store import postgres_workers
from executions.store.contract import Batch, ClaimRequest, InboxRow, TokenState
from executions.store.opening import open_store as open_store_of
from executions.store.opening import postgres_conninfo
from plugins.contracts.state import State
from tests.support.stores import (
    a_head,
    a_run,
    an_attempt,
    request_for,
    save,
    write_new,
)


# ---- ownership ----------------------------------------------------------------------------------
def test_a_lone_executor_owns_every_shard(store):
    held = store.acquire_shards("first", lease_seconds=60)
    assert held == dict.fromkeys(range(SHARDS), 1)
    assert store.executor_count() == 1


def test_two_executors_own_half_of_the_shards_each(open_store):
    one, two = open_store(), open_store()
    before = one.acquire_shards("one", lease_seconds=60)
    assert two.acquire_shards("two", lease_seconds=60) == {}
    kept = one.renew_shards("one", lease_seconds=60)
    taken = two.acquire_shards("two", lease_seconds=60)
    assert len(kept) == len(taken) == SHARDS // 2
    assert kept.keys() | taken.keys() == set(range(SHARDS))
    assert all(epoch == before[number] for number, epoch in kept.items())
    assert all(epoch == before[number] + 1 for number, epoch in taken.items())


def test_three_executors_leave_no_shard_alone(open_store):
    names = ["one", "two", "three"]
    stores = dict(zip(names, [open_store() for _ in names], strict=True))
    for name in names:
        stores[name].acquire_shards(name, lease_seconds=60)
    for name in names:
        stores[name].renew_shards(name, lease_seconds=60)
    held = [stores[name].acquire_shards(name, lease_seconds=60) for name in names]
    assert sorted(number for shards in held for number in shards) == list(range(SHARDS))
    assert max(map(len, held)) <= 6


def test_wanted_overrides_the_fair_share(store):
    assert len(store.acquire_shards("first", lease_seconds=60, wanted=3)) == 3


def test_an_expired_lease_is_taken_over_with_a_higher_epoch(open_store):
    dead, alive = open_store(), open_store()
    before = dead.acquire_shards("dead", lease_seconds=-1)
    after = alive.acquire_shards("alive", lease_seconds=60)
    assert after == {number: epoch + 1 for number, epoch in before.items()}
    assert dead.renew_shards("dead", lease_seconds=60) == {}


def test_renewing_keeps_an_expired_lease_that_nobody_took(store):
    before = store.acquire_shards("owner", lease_seconds=-1)
    assert store.renew_shards("owner", lease_seconds=60) == before


def test_acquiring_again_keeps_the_epochs(store):
    before = store.acquire_shards("owner", lease_seconds=60)
    assert store.acquire_shards("owner", lease_seconds=60) == before


def test_released_shards_are_free_at_once(open_store):
    one, two = open_store(), open_store()
    one.acquire_shards("one", lease_seconds=60)
    one.release_shards("one")
    assert two.executor_count() == 0
    assert len(two.acquire_shards("two", lease_seconds=60)) == SHARDS


# ---- claims -------------------------------------------------------------------------------------
def test_a_claim_gives_all_that_a_worker_needs_and_only_once(store, shards):
    head = a_head(inputs={"a": 1}, labels=(("k", "v"),), trigger={"id": "t"})
    run = a_run(attempts=(an_attempt(0), an_attempt(1)), plan={"x": 1}, value="v")
    write_new(store, shards, head, run)
    (claimed,) = store.claim([request_for(head, run)], "worker-1")
    assert claimed.head == head
    assert claimed.task_run == run
    assert store.claim([request_for(head, run)], "worker-1") == []
    assert store.claim([request_for(head, run)], "worker-2") == []
    assert store.load_executions([head.id])[0].claims == {run.token: "worker-1"}


def test_only_current_open_attempts_are_claimed(store, shards):
    head = a_head()
    good, ended, other = a_run(seq=0), a_run(seq=1, state=State.KILLED), a_run(seq=2)
    write_new(store, shards, head, good, ended, other)
    wanted = [request_for(head, run) for run in (good, ended)]
    wanted.append(replace(request_for(head, other), token="old"))
    assert [item.task_run for item in store.claim([*wanted, wanted[0]], "worker-1")] == [good]
    assert store.claim([], "worker-1") == []


def test_a_claim_stays_while_the_token_does_and_goes_with_it(store, shards):
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    store.claim([request_for(head, run)], "worker-1")
    running = replace(run, state=State.RUNNING)
    save(store, shards, head, running)
    assert store.claim([request_for(head, running)], "worker-2") == []
    again = replace(running, state=State.CREATED, token=new_id())
    save(store, shards, head, again)
    assert store.load_executions([head.id])[0].claims == {}
    assert [item.task_run for item in store.claim([request_for(head, again)], "worker-2")] == [
        again
    ]


def test_two_workers_that_ask_at_once_never_get_the_same_attempt(open_store):
    first = open_store()
    shards = first.acquire_shards("owner", lease_seconds=60)
    head, runs = a_head(), [a_run(seq=seq) for seq in range(60)]
    write_new(first, shards, head, *runs)
    wanted = [request_for(head, run) for run in runs]
    stores = {"worker-1": first, "worker-2": open_store(), "worker-3": first}
    got: dict[str, list[str]] = {name: [] for name in stores}

    def ask(name: str, requests: list[ClaimRequest]) -> None:
        for start in range(0, len(requests), 7):
            claimed = stores[name].claim(requests[start : start + 7], name)
            got[name] += [item.task_run.id for item in claimed]

    threads = [
        threading.Thread(target=ask, args=("worker-1", wanted)),
        threading.Thread(target=ask, args=("worker-2", wanted[::-1])),
        threading.Thread(target=ask, args=("worker-3", wanted[30:] + wanted[:30])),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for keys in got.values() for key in keys) == sorted(run.id for run in runs)


def test_an_attempt_that_nobody_claimed_is_revoked(store, shards):
    head, free, held, gone = a_head(), a_run(seq=0), a_run(seq=1), a_run(seq=2, token=None)
    write_new(store, shards, head, free, held, gone)
    store.claim([request_for(head, held)], "worker-1")
    wanted = [request_for(head, run) for run in (free, held, gone)]
    for _ in range(2):
        with store.turn(shards) as turn:
            assert turn.revoke(wanted) == {free.token}
            assert turn.revoke([]) == frozenset()
    assert store.claim([request_for(head, free)], "worker-1") == []
    assert store.load_executions([head.id])[0].claims == {held.token: "worker-1"}


def test_tokens_are_open_until_their_attempt_has_ended(store, shards):
    head, killing = a_head(), a_head(state=State.KILLING)
    held, free, ended = a_run(seq=0), a_run(seq=1), a_run(seq=2, state=State.SUCCESS)
    other = a_run()
    write_new(store, shards, head, held, free, ended)
    write_new(store, shards, killing, other)
    store.claim([request_for(head, held)], "worker-1")
    tokens = [run.token for run in (held, free, ended, other)]
    assert store.open_tokens([*tokens, "unknown"]) == {
        held.token: TokenState("worker-1", False),
        free.token: TokenState(None, False),
        other.token: TokenState(None, True),
    }


# ---- workers ------------------------------------------------------------------------------------
def test_a_worker_whose_lease_ran_out_is_lost_with_what_it_holds(store, shards):
    head, run, other = a_head(), a_run(seq=0), a_run(seq=1)
    write_new(store, shards, head, run, other)
    assert store.beat("lost", group="", slots=2, lease_seconds=60)
    assert store.beat("alive", group="", slots=3, lease_seconds=60)
    store.claim([request_for(head, run)], "lost")
    store.claim([request_for(head, other)], "alive")
    assert store.declare_lost_workers() == []
    assert store.beat("lost", group="", slots=2, lease_seconds=-1)
    assert store.declare_lost_workers() == ["lost"]
    assert store.declare_lost_workers() == ["lost"]
    assert store.claims_of(["lost"]) == [(head.id, run.id, run.token, "lost")]
    assert not store.beat("lost", group="", slots=2, lease_seconds=60)
    save(store, shards, head, replace(run, token=new_id()))
    assert store.declare_lost_workers() == []
    assert store.claims_of(["lost"]) == []


def test_a_lost_worker_claims_nothing(store, shards):
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    store.beat("worker", group="", slots=1, lease_seconds=-1)
    store.declare_lost_workers()
    assert store.claim([request_for(head, run)], "worker") == []


def test_slots_are_those_of_living_workers(store):
    store.beat("a", group="", slots=2, lease_seconds=60)
    store.beat("b", group="", slots=3, lease_seconds=60)
    store.beat("c", group="gpu", slots=1, lease_seconds=60)
    store.beat("d", group="old", slots=9, lease_seconds=-1)
    store.beat("e", group="", slots=4, lease_seconds=60)
    store.retire_worker("e")
    assert store.live_slots() == {"": 5, "gpu": 1}


def test_a_retired_worker_that_still_holds_something_counts_as_lost(store, shards):
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    store.beat("worker", group="", slots=1, lease_seconds=60)
    store.claim([request_for(head, run)], "worker")
    store.retire_worker("worker")
    assert store.declare_lost_workers() == ["worker"]


# ---- PostgreSQL: connections that break ---------------------------------------------------------
@pytest.mark.postgres
def test_a_restarted_server_is_connected_again(postgres_store):
    store = postgres_store
    shards = store.acquire_shards("owner", lease_seconds=60)
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    with psycopg.connect(store._conninfo, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert [item.task_run for item in store.claim([request_for(head, run)], "worker-1")] == [run]
    with pytest.raises(Unavailable):
        save(store, shards, head, replace(run, state=State.RUNNING))
    save(store, shards, head, replace(run, state=State.RUNNING))
    assert store.load_executions([head.id])[0].task_runs[0].state is State.RUNNING


@pytest.mark.postgres
def test_a_claim_whose_answer_was_lost_is_claimed_by_the_same_worker(postgres_store, monkeypatch):
    store = postgres_store
    shards = store.acquire_shards("owner", lease_seconds=60)
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    real, lost = postgres_workers.claimed, []

    def lose_the_first(found: Any) -> Any:
        if not lost:
            lost.append(found)
            raise Unavailable("the connection broke after the commit")
        return real(found)

    monkeypatch.setattr(postgres_workers, "claimed", lose_the_first)
    assert [item.task_run for item in store.claim([request_for(head, run)], "worker-1")] == [run]
    assert store.claim([request_for(head, run)], "worker-1") == []


# ---- SQLite: one writer -------------------------------------------------------------------------
def test_what_waits_for_the_writer_is_committed_together_and_fails_alone(sqlite_store):
    store = sqlite_store
    shards = store.acquire_shards("owner", lease_seconds=60)
    writer = store._writer
    outcomes: dict[str, Any] = {}

    def put(name: str) -> None:
        outcomes[name] = store.put_inbox([InboxRow(0, new_id(), name, {})])[0].kind

    def fail() -> None:
        try:
            writer.run(lambda connection: connection.execute("SELECT * FROM nowhere"))
        except Unavailable as error:
            outcomes["fail"] = error

    threads = [threading.Thread(target=put, args=(name,)) for name in ("a", "b")]
    threads.append(threading.Thread(target=fail))
    with store.turn(shards) as turn:
        turn.write(Batch(new_heads=[a_head()]))
        for thread in threads:
            thread.start()
        while len(writer._queue) < len(threads):
            pass
        assert store.sweep_inbox([0]) == []
    for thread in threads:
        thread.join()
    assert isinstance(outcomes.pop("fail"), Unavailable)
    assert outcomes == {"a": "a", "b": "b"}
    assert {row.kind for row in store.sweep_inbox([0])} == {"a", "b"}


def test_what_waits_behind_a_turn_that_fails_is_written_all_the_same(sqlite_store):
    store = sqlite_store
    shards = store.acquire_shards("owner", lease_seconds=60)
    row = InboxRow(0, new_id(), "kill", {})
    thread = threading.Thread(target=store.put_inbox, args=([row],))
    head = a_head()
    with pytest.raises(RuntimeError), store.turn(shards) as turn:
        turn.write(Batch(new_heads=[head]))
        thread.start()
        while not store._writer._queue:
            pass
        raise RuntimeError
    thread.join()
    assert [found.kind for found in store.sweep_inbox([0])] == ["kill"]
    assert store.load_executions([head.id]) == []


def test_a_store_is_opened_for_the_databases_that_have_one(sqlite_template):
    store = open_store_of({"ENGINE": "django.db.backends.sqlite3", "NAME": str(sqlite_template)})
    assert store.open_execution_ids([0]) == []
    store.close()
    with pytest.raises(Misconfigured):
        open_store_of({"ENGINE": "django.db.backends.mysql", "NAME": "kestra"})
    conninfo = postgres_conninfo(
        {"NAME": "k", "USER": "u", "HOST": "", "OPTIONS": {"pool": True, "sslmode": "require"}}
    )
    assert conninfo == "sslmode=require dbname=k user=u application_name=kestra-store"
