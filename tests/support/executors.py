"""An executor over a store of the tests: nobody runs its tasks, all turns are the test's own."""

from typing import Any

from common.clock import now
from common.ids import shard_of
from executions import messages
from executions.bus.contract import Message
from executions.bus.memory import MemoryBus
from executions.dispatch.threads import ThreadDispatcher
from executions.executor.answers import Answers
from executions.executor.events import Created, Event
from executions.executor.model import Head
from executions.executor.residents import FlowBundle, Residents
from executions.executor.service import Executor
from executions.live.memory import MemoryLiveUpdates
from executions.scope import Surroundings
from executions.store.contract import Batch, InboxRow, Store
from expressions.engine import ExpressionEngine
from tests.support.engine import compiled
from tests.support.stores import a_head


class _Nobody:
    def accept(self, items: Any) -> None: ...
    def kill(self, tokens: Any) -> None: ...


class _Outside:
    def surroundings(self, head: Any, bundle: Any) -> Surroundings:
        return Surroundings()


def lone_executor(store: Store, source: str, **options: Any) -> Executor:
    """The owner of all shards; every execution follows the flow of that source."""
    outside: Any = _Outside()
    flow = compiled(source)
    found = Executor(
        owner="owner",
        store=store,
        bus=MemoryBus(),
        dispatcher=ThreadDispatcher(_Nobody),
        live=MemoryLiveUpdates(),
        residents=Residents(lambda *_: FlowBundle(flow)),
        answers_factory=lambda wake: Answers(ExpressionEngine(), outside, on_ready=wake),
        **options,
    )
    found.turn(block=False)
    return found


def request(executor: Executor, store: Store, head: Head, event: Event) -> None:
    """A row of the inbox, and the word that it is there."""
    kind, payload = messages.inbox_payload(event)
    (row,) = store.put_inbox([InboxRow(shard_of(head.id), head.id, kind, payload)])
    assert row.id is not None
    executor._bus.publish([Message(row.shard, messages.look([row.id]))])


def create(executor: Executor, store: Store, **changes: Any) -> Head:
    """An execution that has begun."""
    head = a_head(created_at=now(), **changes)
    with store.turn(executor.shards) as turn:
        turn.write(Batch(shards=executor.shards, new_heads=[head]))
    request(executor, store, head, Created())
    while executor.turn(block=False):
        pass
    return head
