"""The executor's service after an error of the engine: what was due stays due."""

from datetime import timedelta
from typing import Any

import pytest

from common.clock import now
from common.ids import shard_of
from executions import messages
from executions.bus.contract import Message
from executions.bus.memory import MemoryBus
from executions.dispatch.threads import ThreadDispatcher
from executions.executor import turn as turn_module
from executions.executor.answers import Answers
from executions.executor.events import Created, KillRequested, LabelsSet, TaskEnded, TimerDue
from executions.executor.residents import FlowBundle, Residents
from executions.executor.service import Executor
from executions.live.memory import MemoryLiveUpdates
from executions.store.contract import Batch, EpochLost, InboxRow
from expressions.engine import ExpressionEngine
from plugins.contracts.state import State
from tests.support.engine import compiled
from tests.support.stores import a_head


class Nobody:
    def accept(self, items: Any) -> None: ...
    def kill(self, tokens: Any) -> None: ...


class Outside:
    def surroundings(self, head: Any, bundle: Any) -> Any:
        from executions.scope import Surroundings

        return Surroundings()


@pytest.fixture
def executor(sqlite_store):
    bus = MemoryBus()
    flow = compiled("tasks: [{id: a, type: Work, retry: {type: constant, interval: PT1H}}]")
    outside: Any = Outside()
    found = Executor(
        owner="owner",
        store=sqlite_store,
        bus=bus,
        dispatcher=ThreadDispatcher(Nobody),
        live=MemoryLiveUpdates(),
        residents=Residents(lambda *_: FlowBundle(flow)),
        answers_factory=lambda wake: Answers(ExpressionEngine(), outside, on_ready=wake),
    )
    found.turn(block=False)
    return found


def request(executor, store, head, event):
    kind, payload = messages.inbox_payload(event)
    (row,) = store.put_inbox([InboxRow(shard_of(head.id), head.id, kind, payload)])
    executor._bus.publish([Message(row.shard, messages.look([row.id]))])


def spoil_once(monkeypatch, kind):
    real = turn_module.advance
    state = {"left": 1}

    def advance(flow, live, event, at):
        if isinstance(event, kind) and state["left"]:
            state["left"] -= 1
            raise RuntimeError("spoiled")
        return real(flow, live, event, at)

    monkeypatch.setattr(turn_module, "advance", advance)


def create(executor, store, **changes):
    head = a_head(created_at=now(), **changes)
    with store.turn(executor.shards) as turn:
        turn.write(Batch(shards=executor.shards, new_heads=[head]))
    request(executor, store, head, Created())
    while executor.turn(block=False):
        pass
    return head


def retrying(executor, store):
    """An execution whose task waits an hour for its next try."""
    head = create(executor, store)
    (stored,) = store.load_executions([head.id])
    (run,) = stored.task_runs
    event = TaskEnded(run.id, run.token, State.FAILED, now(), now(), "w")
    executor._bus.publish([Message(shard_of(head.id), messages.results([(head.id, event)]))])
    while executor.turn(block=False):
        pass
    assert executor._memory.alarm.seconds_to_next(now()) is not None
    return head


def test_a_timer_is_not_lost_with_another_event_that_was_spoiled(
    executor, sqlite_store, monkeypatch
):
    head = retrying(executor, sqlite_store)
    spoil_once(monkeypatch, LabelsSet)
    request(executor, sqlite_store, head, LabelsSet((("a", "b"),)))

    for _ in range(5):
        executor.turn(block=False)

    assert len(sqlite_store.load_timers(range(16))) == 1
    assert executor._memory.alarm.seconds_to_next(now()) is not None


def test_a_timer_that_was_spoiled_when_it_was_due_comes_again(executor, sqlite_store, monkeypatch):
    retrying(executor, sqlite_store)
    spoil_once(monkeypatch, TimerDue)
    later = now() + timedelta(hours=2)
    monkeypatch.setattr("executions.executor.service.now", lambda: later)
    monkeypatch.setattr(turn_module, "now", lambda: later)

    for _ in range(5):
        executor.turn(block=False)

    assert sqlite_store.load_timers(range(16)) == []


def test_a_request_for_what_is_set_aside_is_not_lost(executor, sqlite_store):
    head = create(executor, sqlite_store)
    executor._memory.drop_execution(head.id)
    for _ in range(3):
        sqlite_store.count_failure(head.id, "spoiled")

    request(executor, sqlite_store, head, KillRequested())
    for _ in range(5):
        executor.turn(block=False)

    assert len(sqlite_store.sweep_inbox(range(16))) == 1


def test_a_lost_epoch_drops_the_memory_of_all_shards(executor, sqlite_store, monkeypatch):
    """The turn that found out has changed executions of kept shards, too."""
    head = retrying(executor, sqlite_store)
    assert head.id in executor._memory.residents
    other = next(shard for shard in range(16) if shard != shard_of(head.id))

    def turn(*, block: bool) -> int:
        executor._stopping.set()
        raise EpochLost([other])

    monkeypatch.setattr(executor, "turn", turn)

    executor.run()

    assert head.id not in executor._memory.residents
