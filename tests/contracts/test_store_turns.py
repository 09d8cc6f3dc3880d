"""What every store keeps of a turn that is finished in one go, and of executions that come with
their requests."""

from dataclasses import replace

import pytest

from common.ids import new_id, shard_of
from executions.executor.events import Created
from executions.messages import CREATED, KILL, inbox_payload
from executions.store.contract import Batch, EpochLost, InboxRow, StoredExecution
from plugins.contracts.state import State
from tests.support.stores import a_head, a_run, request_for, save, write_new


def created(head):
    return InboxRow(shard_of(head.id), head.id, *inbox_payload(Created()))


# ---- finish -------------------------------------------------------------------------------------
def test_a_finished_turn_is_written_and_committed(store, shards):
    head, run = a_head(), a_run()
    row = InboxRow(0, new_id(), KILL, {})
    with store.turn(shards) as turn:
        batch = Batch(new_heads=[head], new_task_runs={run.id: (head, run)}, inbox=[row])
        written, revoked = turn.finish(batch, [])
        assert store.sweep_inbox([0]) == written  # others see it: the block has not ended yet
    assert [replace(item, id=None) for item in written] == [row]
    assert revoked == frozenset()
    assert [item.task_runs for item in store.load_executions([head.id])] == [[run]]


def test_an_empty_turn_is_finished_too(store, shards):
    with store.turn(shards) as turn:
        assert turn.finish(Batch(), []) == ([], frozenset())


def test_a_finished_turn_revokes_what_nobody_had_claimed(store, shards):
    head, free, held = a_head(), a_run(seq=0), a_run(seq=1)
    write_new(store, shards, head, free, held)
    store.claim([request_for(head, held)], "worker-1")
    rows = [InboxRow(0, new_id(), KILL, {}), InboxRow(0, new_id(), KILL, {})]
    with store.turn(shards) as turn:
        wanted = [request_for(head, free), request_for(head, held)]
        written, revoked = turn.finish(Batch(inbox=rows), wanted)
    assert revoked == {free.token}
    assert store.sweep_inbox([0]) == written
    assert store.claim([request_for(head, free)], "worker-1") == []


def test_what_was_taken_before_is_gone_with_the_finish(store, shards):
    rows = store.put_inbox([InboxRow(0, new_id(), KILL, {}), InboxRow(0, new_id(), KILL, {})])
    with store.turn(shards) as turn:
        assert turn.take_inbox([rows[0].id]) == [rows[0]]
        turn.finish(Batch(), [])
    assert store.sweep_inbox([0]) == [rows[1]]


def test_a_finish_under_an_old_epoch_changes_nothing(open_store):
    old, new = open_store(), open_store()
    epochs = old.acquire_shards("old", lease_seconds=-1)
    current = new.acquire_shards("new", lease_seconds=60)
    head, run = a_head(), a_run()
    write_new(new, current, head, run)
    other = a_head()
    with pytest.raises(EpochLost) as caught, old.turn(epochs) as turn:
        turn.finish(Batch(new_heads=[other]), [request_for(head, run)])
    assert caught.value.shards == set(epochs)
    assert new.load_executions([other.id]) == []
    assert [item.task_run for item in new.claim([request_for(head, run)], "worker-1")] == [run]
    write_new(new, current, other)  # and nothing is locked


def test_a_finish_that_fails_changes_nothing(store, shards):
    head, run = a_head(), a_run()
    write_new(store, shards, head, run)
    (row,) = store.put_inbox([InboxRow(0, new_id(), KILL, {})])
    other = a_head()
    with pytest.raises(Exception, match=r"(?i)unique"), store.turn(shards) as turn:
        turn.take_inbox([row.id])
        # a task run that is there already
        turn.finish(Batch(new_heads=[other], new_task_runs={run.id: (head, run)}), [])
    assert store.load_executions([other.id]) == []
    assert store.sweep_inbox([0]) == [row]
    save(store, shards, replace(head, state=State.RUNNING), run)
    assert store.load_executions([head.id])[0].head.state is State.RUNNING


# ---- executions that come with their requests ---------------------------------------------------
def test_new_executions_may_come_with_their_requests(postgres_store):
    store = postgres_store
    shards = store.acquire_shards("owner", lease_seconds=60)
    fresh, begun = a_head(inputs={"a": 1}), a_head(state=State.RUNNING)
    write_new(store, shards, fresh)
    write_new(store, shards, begun, a_run())
    unknown = new_id()
    requests = [
        created(fresh),
        InboxRow(shard_of(begun.id), begun.id, KILL, {"cascade": True}),
        InboxRow(shard_of(unknown), unknown, CREATED, {}),
        InboxRow(shard_of(fresh.id), fresh.id, KILL, {"cascade": True}),
    ]
    written = store.put_inbox(requests)
    with store.turn(shards) as turn:
        assert turn.take_inbox([row.id for row in written]) == written
        assert turn.created() == {fresh.id: StoredExecution(fresh, [], {}, 0, False)}
        assert turn.created() == {item.head.id: item for item in store.load_executions([fresh.id])}
