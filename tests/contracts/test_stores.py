"""One suite for every store of the engine: what a turn writes, and what is read again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.ids import SHARDS, new_id, shard_of
from executions.executor.model import Attempt, Outputs, ParentRef
from executions.store.contract import (
    FAILURE_LIMIT,
    Batch,
    EpochLost,
    InboxRow,
    MetricRow,
)
from plugins.contracts.state import State
from tests.support.stores import (
    NOW,
    a_head,
    a_log,
    a_run,
    a_timer,
    an_attempt,
    save,
    write,
    write_new,
)


# ---- the turn -----------------------------------------------------------------------------------
def test_a_turn_with_an_old_epoch_writes_nothing(open_store):
    old, new = open_store(), open_store()
    epochs = old.acquire_shards("old", lease_seconds=-1)
    new.acquire_shards("new", lease_seconds=60)
    head = a_head()
    with pytest.raises(EpochLost) as error:
        write(old, epochs, Batch(new_heads=[head]))
    assert error.value.shards == frozenset(range(SHARDS))
    assert new.load_executions([head.id]) == []


def test_a_turn_without_writes_checks_the_epochs_too(open_store):
    old, new = open_store(), open_store()
    epochs = old.acquire_shards("old", lease_seconds=-1)
    new.acquire_shards("new", lease_seconds=60)
    with pytest.raises(EpochLost), old.turn(epochs):
        pass


def test_an_error_in_a_turn_rolls_back_and_the_next_turn_works(store, shards):
    head, other = a_head(), a_head()
    with pytest.raises(RuntimeError), store.turn(shards) as turn:
        turn.write(Batch(new_heads=[head]))
        raise RuntimeError("the engine failed")
    write_new(store, shards, other)
    assert [item.head for item in store.load_executions([head.id, other.id])] == [other]


def test_a_lease_is_renewed_while_a_turn_is_open(open_store):
    one = open_store()
    shards = one.acquire_shards("owner", lease_seconds=60)
    with one.turn(shards) as turn:
        turn.write(Batch(new_heads=[a_head()]))
        assert one.renew_shards("owner", lease_seconds=60) == shards


def test_new_and_changed_in_one_batch_is_written_once_with_the_last_state(store, shards):
    head, run = a_head(), a_run()
    done = replace(head, state=State.SUCCESS)
    run_done = replace(run, state=State.SUCCESS, token=None, attempts=(an_attempt(),))
    batch = Batch(
        new_heads=[head],
        heads={head.id: done},
        new_task_runs={run.id: (head, run)},
        task_runs={run.id: (done, run_done)},
    )
    write(store, shards, batch)
    (stored,) = store.load_executions([head.id])
    assert stored.head == done
    assert list(stored.task_runs) == [run_done]


def test_an_execution_that_is_created_twice_is_created_once(store, shards):
    head = a_head()
    write_new(store, shards, head)
    write_new(store, shards, replace(head, namespace="other"))
    assert store.load_executions([head.id])[0].head == head


def test_attempts_are_written_when_they_are_new_and_changed_when_they_are_named(store, shards):
    head, run = a_head(), a_run(attempts=(an_attempt(0),))
    write_new(store, shards, head, run)
    first, second = an_attempt(0, state=State.SUCCESS), an_attempt(1, is_lost=True)
    changed = replace(run, attempts=(first, second))
    batch = Batch(
        task_runs={run.id: (head, changed)},
        new_attempts=[(head, run.id, first), (head, run.id, second)],
    )
    write(store, shards, batch)
    assert store.load_executions([head.id])[0].task_runs[0].attempts == (first, second)


def test_deleted_task_runs_are_gone_with_their_attempts(store, shards):
    head = a_head()
    kept, gone = a_run(seq=0), a_run(seq=1, attempts=(an_attempt(),))
    write_new(store, shards, head, kept, gone)
    write(store, shards, Batch(deleted_task_runs=[(head, gone.id)]))
    write(store, shards, Batch(new_task_runs={gone.id: (head, replace(gone, attempts=()))}))
    stored = store.load_executions([head.id])[0]
    assert list(stored.task_runs) == [kept, replace(gone, attempts=())]


def test_what_is_deleted_in_the_batch_that_writes_it_is_gone(store, shards):
    head, run, new = a_head(), a_run(), a_run()
    write_new(store, shards, head, run)
    batch = Batch(
        task_runs={run.id: (head, replace(run, state=State.RUNNING))},
        new_task_runs={new.id: (head, new)},
        new_attempts=[(head, run.id, an_attempt())],
        deleted_task_runs=[(head, run.id), (head, new.id)],
    )
    write(store, shards, batch)
    assert store.load_executions([head.id])[0].task_runs == []


def test_task_runs_come_in_the_order_of_their_creation(store, shards):
    head = a_head()
    runs = [a_run(seq=seq) for seq in (3, 1, 2, 0)]
    write_new(store, shards, head, *runs)
    found = store.load_executions([head.id])[0].task_runs
    assert [run.seq for run in found] == [0, 1, 2, 3]


def test_executions_of_several_days_are_written_in_one_batch(store, shards):
    heads = [a_head(created_at=NOW - timedelta(days=days)) for days in (0, 1, 400)]
    runs = [a_run() for _ in heads]
    pairs = dict(zip([run.id for run in runs], zip(heads, runs, strict=True), strict=True))
    write(store, shards, Batch(new_heads=list(heads), new_task_runs=dict(pairs)))
    changed = {key: (head, replace(run, state=State.KILLED)) for key, (head, run) in pairs.items()}
    write(store, shards, Batch(task_runs=changed))
    stored = store.load_executions([head.id for head in heads])
    assert [item.head for item in stored] == heads
    assert [run.state for item in stored for run in item.task_runs] == [State.KILLED] * 3


# ---- what comes back is what was written --------------------------------------------------------
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
json_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
moments = st.datetimes(
    min_value=datetime(1971, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
)
states = st.sampled_from(State)
histories = st.lists(st.tuples(states, moments), min_size=1, max_size=4).map(tuple)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | json_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(json_text, inner, max_size=3),
    max_leaves=8,
)
maps = st.none() | st.dictionaries(json_text, json_values, max_size=3)
ids = st.builds(new_id)
attempt_lists = st.lists(
    st.tuples(states, histories, st.none() | text, st.booleans()), max_size=3
).map(lambda items: tuple(Attempt(number, *item) for number, item in enumerate(items)))
changing_head = st.fixed_dictionaries(
    {
        "flow_revision": st.integers(1, 1000),
        "state": states,
        "history": histories,
        "labels": st.lists(st.tuples(text, text), max_size=3).map(tuple),
        "inputs": maps,
        "variables": maps,
        "outputs": maps,
        "waiting_parent": st.none() | st.builds(ParentRef, ids, ids),
        "schedule_date": st.none() | moments,
        "attempt_number": st.integers(1, 5),
        "message": st.none() | text,
    }
)
fixed_head = st.fixed_dictionaries(
    {"created_at": moments, "trigger": maps, "parent_id": st.none() | ids, "kind": st.just("TEST")}
)
changing_run = st.fixed_dictionaries(
    {
        "state": states,
        "history": histories,
        "value": st.none() | text,
        "iteration": st.none() | st.integers(0, 10_000),
        "outputs": st.none() | st.builds(Outputs, maps, st.none() | text, st.integers(0, 2**40)),
        "attempts": attempt_lists,
        "token": st.none() | ids,
        "available_at": st.none() | moments,
        "worker_group": text,
        "plan": maps,
        "child_execution_id": st.none() | ids,
        "message": st.none() | text,
    }
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    fixed=fixed_head,
    heads=st.tuples(changing_head, changing_head),
    runs=st.lists(st.tuples(changing_run, changing_run), max_size=3),
)
def test_an_execution_comes_back_as_it_was_written(store, fixed, heads, runs):
    shards = store.acquire_shards("owner", lease_seconds=60)
    head = a_head(**fixed, **heads[0])
    before = [a_run(seq=seq, **first) for seq, (first, _) in enumerate(runs)]
    write_new(store, shards, head, *before)
    (stored,) = store.load_executions([head.id])
    assert stored.head == head
    assert list(stored.task_runs) == before

    head = replace(head, **heads[1])
    after = []
    for run, (_, second) in zip(before, runs, strict=True):
        kept = run.attempts[len(second["attempts"]) :]  # attempts are changed or added, never lost
        after.append(replace(run, **{**second, "attempts": second["attempts"] + kept}))
    batch = Batch(
        heads={head.id: head},
        task_runs={run.id: (head, run) for run in after},
        new_attempts=[(head, run.id, attempt) for run in after for attempt in run.attempts],
    )
    write(store, shards, batch)
    (stored,) = store.load_executions([head.id])
    assert stored.head == head
    assert list(stored.task_runs) == after


def test_text_that_no_database_holds_does_not_stop_a_batch(store, shards):
    head = a_head(message="nul \0 and half \ud800 a pair", labels=(("a\0", "b"),))
    write_new(store, shards, head, a_run(value="\0"))
    store.write_logs([a_log(head, message="\0\udc80")], [])
    (stored,) = store.load_executions([head.id])
    assert stored.head.message == "nul \ufffd and half ? a pair"
    assert stored.head.labels == (("a\ufffd", "b"),)
    assert store.error_logs(head.id, NOW)[0]["message"] == "\ufffd?"


# ---- requests -----------------------------------------------------------------------------------
def test_requests_are_swept_in_order_and_taken_once(store, shards):
    rows = [InboxRow(number % 2, new_id(), "kill", {"n": number}) for number in range(4)]
    written = store.put_inbox(rows)
    assert [replace(row, id=None) for row in written] == rows
    assert store.sweep_inbox([0, 1]) == written
    assert store.sweep_inbox([1]) == [written[1], written[3]]
    assert store.sweep_inbox([0, 1], limit=2) == written[:2]
    ids = [row.id for row in written]
    with store.turn(shards) as turn:
        assert turn.take_inbox(ids[:3]) == written[:3]
        assert turn.take_inbox(ids) == written[3:]
    with store.turn(shards) as turn:
        assert turn.take_inbox(ids) == []
    assert store.sweep_inbox([0, 1]) == []


def test_a_request_comes_back_when_its_turn_fails(store, shards):
    (row,) = store.put_inbox([InboxRow(0, new_id(), "kill", {})])
    with pytest.raises(RuntimeError), store.turn(shards) as turn:
        turn.take_inbox([row.id])
        turn.write(Batch(new_heads=[a_head()]))
        raise RuntimeError
    assert store.sweep_inbox([0]) == [row]


def test_a_turn_writes_requests_and_tells_their_numbers(store, shards):
    rows = [InboxRow(number, new_id(), "created", {"x": [1, None]}) for number in range(3)]
    written = write(store, shards, Batch(inbox=rows))
    assert store.sweep_inbox(range(SHARDS)) == written
    assert [row.execution_id for row in written] == [row.execution_id for row in rows]


# ---- timers and ends ----------------------------------------------------------------------------
def test_timers_are_kept_until_they_are_cancelled(store, shards):
    head = a_head()
    early, late = a_timer(head, "a"), a_timer(head, "b", due=NOW + timedelta(microseconds=1))
    write(store, shards, Batch(timers=[late, early, a_timer(head, "c")], cancelled_timers=["c"]))
    assert store.load_timers(range(SHARDS)) == [early, late]
    moved = replace(early, due=NOW + timedelta(days=1), task_run_id=new_id())
    write(store, shards, Batch(timers=[moved], cancelled_timers=["b"]))
    assert store.load_timers([shard_of(head.id)]) == [moved]
    assert store.load_timers([(shard_of(head.id) + 1) % SHARDS]) == []


def test_an_execution_is_open_until_nothing_of_it_is(store, shards):
    first, second = a_head(created_at=NOW - timedelta(hours=1)), a_head()
    write_new(store, shards, second)
    write(store, shards, Batch(new_heads=[first], timers=[a_timer(first, "a")]))
    assert store.open_execution_ids(range(SHARDS)) == [first.id, second.id]
    failed = replace(first, state=State.FAILED)
    save(store, shards, failed)
    assert store.open_execution_ids([shard_of(first.id)])[0] == first.id
    write(store, shards, Batch(ended=[first.id]))
    assert store.open_execution_ids(range(SHARDS)) == [second.id]
    assert store.load_timers(range(SHARDS)) == []
    assert [item.is_over for item in store.load_executions([first.id, second.id])] == [True, False]
    save(store, shards, replace(first, state=State.RESTARTED))
    assert store.open_execution_ids(range(SHARDS)) == [first.id, second.id]


def test_the_end_and_the_last_state_come_in_one_batch(store, shards):
    old, new = a_head(), a_head(state=State.FAILED)
    write_new(store, shards, old)
    done = replace(old, state=State.SUCCESS)
    write(store, shards, Batch(new_heads=[new], heads={old.id: done}, ended=[old.id, new.id]))
    assert store.open_execution_ids(range(SHARDS)) == []


def test_an_execution_in_which_the_engine_fails_too_often_is_set_aside(store, shards):
    head = a_head()
    write_new(store, shards, head)
    counts = [store.count_failure(head.id, "KeyError: \0") for _ in range(FAILURE_LIMIT)]
    assert counts == list(range(1, FAILURE_LIMIT + 1))
    assert store.open_execution_ids(range(SHARDS)) == []
    assert store.load_executions([head.id])[0].failures == FAILURE_LIMIT
    store.clear_failures(head.id)
    assert store.open_execution_ids(range(SHARDS)) == [head.id]
    assert store.count_failure("unknown", "?") == 0


# ---- reading for expressions, logs --------------------------------------------------------------
def test_outputs_come_with_the_flowables_above(store, shards):
    head = a_head()
    outer = a_run(seq=0, task_id="outer", token=None)
    inner = a_run(seq=1, task_id="inner", parent_id=outer.id, value="1", token=None)
    leaf = a_run(seq=2, task_id="leaf", parent_id=inner.id, outputs=Outputs({"x": 1}, None, 7))
    other = a_run(seq=3, task_id="other", parent_id=outer.id, attempts=(an_attempt(),))
    write_new(store, shards, head, outer, inner, leaf, other)
    assert store.outputs_of(head.id, NOW, {"leaf"}) == [outer, inner, leaf]
    assert store.outputs_of(head.id, NOW, {"other"}) == [outer, other]
    assert store.outputs_of(head.id, NOW, None) == [outer, inner, leaf, other]
    assert store.outputs_of(head.id, NOW, set()) == []


def test_error_lines_are_read_oldest_first(store, shards):
    head = a_head()
    later = a_log(head, timestamp=NOW + timedelta(seconds=1), message="second", thread="main")
    store.write_logs([later, a_log(head, level="INFO"), a_log(head, attempt=None)], [])
    first, second = store.error_logs(head.id, NOW)
    assert first == {
        "namespace": "company.team",
        "flowId": "flow",
        "executionId": head.id,
        "taskId": "task",
        "level": "ERROR",
        "message": "went wrong",
        "thread": "",
        "timestamp": "2024-12-20T17:12:37.412345Z",
    }
    assert (second["message"], second["attemptNumber"]) == ("second", 0)


def test_lines_and_metrics_are_written_by_turns_and_by_workers(store, shards):
    head = a_head()
    metric = MetricRow(
        tenant="main",
        namespace="company.team",
        flow_id="flow",
        execution_id=head.id,
        task_id="task",
        task_run_id=new_id(),
        name="rows",
        kind="counter",
        value=2.5,
        tags={"a": "b"},
        timestamp=NOW,
        day=NOW,
    )
    write(store, shards, Batch(logs=[a_log(head)], metrics=[metric]))
    store.write_logs([], [metric])
    store.write_logs([a_log(head)], [])
    store.write_logs([], [])
    assert len(store.error_logs(head.id, NOW)) == 2
