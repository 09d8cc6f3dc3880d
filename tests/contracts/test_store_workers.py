"""One suite for every store of the engine: who owns which shard, who has claimed which attempt."""

import threading
from dataclasses import replace

from common.ids import SHARDS, new_id
from executions.store.contract import (
    ClaimRequest,
    TokenState,
)
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
