"""The executor's service after an error of the engine: what was due stays due."""

from datetime import timedelta

import pytest

from common.clock import now
from common.ids import shard_of
from executions import messages
from executions.bus.contract import Message
from executions.executor import turn as turn_module
from executions.executor.events import KillRequested, LabelsSet, TaskEnded, TimerDue
from executions.store.contract import EpochLost
from plugins.contracts.state import State
from tests.support.executors import create, lone_executor, request

# an executor that gives up its memory looks after Django's connections, too
pytestmark = pytest.mark.django_db


@pytest.fixture
def executor(sqlite_store):
    source = "tasks: [{id: a, type: Work, retry: {type: constant, interval: PT1H}}]"
    return lone_executor(sqlite_store, source)


def spoil_once(monkeypatch, kind):
    real = turn_module.advance
    state = {"left": 1}

    def advance(flow, live, event, at):
        if isinstance(event, kind) and state["left"]:
            state["left"] -= 1
            raise RuntimeError("spoiled")
        return real(flow, live, event, at)

    monkeypatch.setattr(turn_module, "advance", advance)


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
