"""The executor: reads a batch of events, lets the engine decide on each, writes all of it in one
transaction under its shards' epochs, then sends. The only code that changes live executions."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

from common.clock import now
from common.ids import shard_of
from executions import messages
from executions.bus.contract import Bus, Message, Received
from executions.dispatch.contract import Dispatcher
from executions.executor.answers import Answers
from executions.executor.collecting import Changes, add_to_batch
from executions.executor.events import Continue, Loaded, TaskEnded, TimerDue
from executions.executor.housekeeping import ExecutorTimes, Housekeeping
from executions.executor.memory import Memory
from executions.executor.residents import Residents
from executions.executor.turn import Advancer, TurnWork
from executions.executor.window import Window
from executions.live.contract import LiveUpdates, Note
from executions.live.snapshot import snapshot_of
from executions.store.contract import FAILURE_LIMIT, Batch, EpochLost, InboxRow, Store, Turn
from plugins.contracts.state import State

log = logging.getLogger("kestra.executor")

# Of what waits in memory (a take-over, wide loops) one turn handles so much.
EVENTS_IN_A_TURN = 500
# Few events in hand are handled at once; with more it pays to wait for their neighbours.
LINGER_ABOVE = 2
# After an error of the outside: seconds until the next try, doubled up to the second figure.
FIRST_PATIENCE, LONGEST_PATIENCE = 0.1, 5.0


class Executor:
    """One thread calls `run`. `stop` may be called from another."""

    def __init__(
        self,
        *,
        owner: str,
        store: Store,
        bus: Bus,
        dispatcher: Dispatcher,
        live: LiveUpdates,
        residents: Residents,
        answers_factory: Callable[[Callable[[], None]], Answers],
        times: ExecutorTimes | None = None,
        window_factor: int = 4,
    ) -> None:
        self.owner = owner
        self._store = store
        self._bus = bus
        self._dispatcher = dispatcher
        self._live = live
        self._times = times or ExecutorTimes()
        self._memory = Memory(residents, Window(factor=window_factor))
        self._answers = answers_factory(bus.wake)
        self._advancer = Advancer(self._memory, self._answers)
        self._housekeeping = Housekeeping(
            owner=owner,
            memory=self._memory,
            store=store,
            bus=bus,
            dispatcher=dispatcher,
            times=self._times,
        )
        self._stopping = threading.Event()

    # ---- life -----------------------------------------------------------------------------------
    def run(self) -> None:
        """Until `stop`. Errors of the outside (database, Redis) are waited out."""
        patience = FIRST_PATIENCE
        while not self._stopping.is_set():
            try:
                self.turn(block=True)
                patience = FIRST_PATIENCE
            except EpochLost as error:
                # the turn has changed executions of other shards in memory, too: all is read again
                log.warning("executor: others have taken the shards %s", sorted(error.shards))
                self._housekeeping.give_up(list(self._memory.shards))
            except Exception:
                log.exception("executor: the turn failed; memory is dropped and read again")
                self._housekeeping.give_up(list(self._memory.shards))
                self._stopping.wait(patience)
                patience = min(patience * 2, LONGEST_PATIENCE)
        self._answers.close()
        self._store.release_shards(self.owner)

    def stop(self) -> None:
        self._stopping.set()
        self._bus.wake()

    @property
    def shards(self) -> dict[int, int]:
        return dict(self._memory.shards)

    def turn(self, *, block: bool) -> int:
        """One turn of the loop. Returns how many events were handled."""
        self._housekeeping.do_what_is_due()
        work = TurnWork(self._receive(block=block))
        self._gather(work)
        if work.is_empty:
            self._bus.acknowledge(work.received)
            return 0
        return self._handle(work)

    # ---- what has come in -----------------------------------------------------------------------
    def _receive(self, *, block: bool) -> list[Received]:
        memory = self._memory
        if memory.backlog:
            backlog, memory.backlog = memory.backlog, []
            return backlog
        wait = self._wait_seconds() if block else 0.0
        found = self._bus.receive(memory.shards, timeout_seconds=wait)
        if len(found) > LINGER_ABOVE:
            # without this the loop can lock into batches of one
            time.sleep(self._times.linger)
            found += self._bus.receive(memory.shards, timeout_seconds=0)
        return found

    def _wait_seconds(self) -> float:
        if self._memory.later:
            return 0.0
        until = self._housekeeping.seconds_to_next()
        due = self._memory.alarm.seconds_to_next(now())
        return max(0.0, until if due is None else min(until, due))

    def _gather(self, work: TurnWork) -> None:
        memory = self._memory
        for received in work.received:
            inbox_ids, events = messages.parse(received.body)
            work.inbox_ids.extend(inbox_ids)
            for execution_id, event in events:
                work.add(execution_id, event)
        for execution_id, event in self._answers.take():
            work.add(execution_id, event)
        for _ in range(min(len(memory.later), EVENTS_IN_A_TURN)):
            work.add(*memory.later.popleft())
        for timer in memory.alarm.due(now()):
            work.add(timer.execution_id, TimerDue(timer.kind, timer.task_run_id, timer.token))

    # ---- one transaction ------------------------------------------------------------------------
    def _handle(self, work: TurnWork) -> int:
        with self._store.turn(self._memory.shards) as transaction:
            self._take_inbox(work, transaction)
            self._admit(work, transaction)
            count = sum(map(len, work.events.values()))
            for execution_id in work.events:
                self._advancer.advance(work, execution_id)
            batch = Batch(shards=dict(self._memory.shards))
            for changes in work.changes.values():
                add_to_batch(batch, changes)
            announced = len(batch.inbox)
            batch.inbox.extend(work.returned)
            kills = [request for changes in work.changes.values() for request in changes.kills]
            written, revoked = transaction.finish(batch, kills)
        self._after_commit(work, written[:announced], revoked)
        return count

    def _take_inbox(self, work: TurnWork, transaction: Turn) -> None:
        for row in transaction.take_inbox(work.inbox_ids):
            work.rows.setdefault(row.execution_id, []).append(row)
            work.add(row.execution_id, messages.inbox_event(row.kind, row.payload))

    def _admit(self, work: TurnWork, transaction: Turn) -> None:
        """Those executions that are not in memory; read, unless they came with their requests.
        Ended ones are left out: what came for them came too late."""
        memory = self._memory
        wanted = [key for key in work.events if key not in memory.residents and memory.owns(key)]
        known = transaction.created()
        missing = [key for key in wanted if key not in known]
        if missing:
            known = known | {item.head.id: item for item in self._store.load_executions(missing)}
        for execution_id in list(work.events):
            if execution_id in memory.residents:
                continue
            stored = known.get(execution_id)
            if stored is None or stored.is_over or stored.failures >= FAILURE_LIMIT:
                del work.events[execution_id]
                if stored is not None and not stored.is_over:
                    # set aside: its requests wait until somebody lets it go on
                    work.returned.extend(work.rows.pop(execution_id, ()))
                continue
            memory.residents.admit(stored)
            work.events[execution_id].insert(0, Loaded())

    # ---- after the commit -----------------------------------------------------------------------
    def _after_commit(
        self, work: TurnWork, written: Sequence[InboxRow], revoked: frozenset[str]
    ) -> None:
        for execution_id, message in work.failures:
            self._look_again(execution_id, message)
        notes: list[Note] = []
        for changes in work.changes.values():
            self._settle(changes, notes)
        for token in work.done_tokens:
            self._memory.window.done(token)
        self._housekeeping.send()
        self._live.publish(notes)  # somebody may wait for the end
        self._tell_owners(written)
        self._bus.acknowledge(work.received)
        self._kill(work, revoked)

    def _look_again(self, execution_id: str, message: str) -> None:
        """What the engine failed in is read anew, with its timers, until it is set aside."""
        failures = self._store.count_failure(execution_id, message)
        self._memory.alarm.add(self._store.load_timers([shard_of(execution_id)]))
        if failures < FAILURE_LIMIT:
            self._memory.later.append((execution_id, Continue(None)))

    def _settle(self, changes: Changes, notes: list[Note]) -> None:
        memory, resident = self._memory, changes.resident
        head = resident.live.head
        for run in changes.runs.values():
            memory.residents.note_saved(resident, run)
        for item in changes.dispatches.values():
            memory.window.offer(item)
        memory.alarm.add(changes.timers)
        if changes.head is not None or changes.runs:
            kind = "end" if head.is_ended else "state"
            content = None
            if resident.is_awaited and (head.is_ended or head.state is State.PAUSED):
                content = snapshot_of(head, resident.live.task_runs)
            notes.append(Note(head.tenant, head.id, kind, str(head.state), content))
        elif changes.logs:
            notes.append(Note(head.tenant, head.id, "log"))
        if changes.is_over:
            memory.drop_execution(head.id)

    def _tell_owners(self, written: Sequence[InboxRow]) -> None:
        by_shard: dict[int, list[int]] = {}
        for row in written:
            if row.id is not None:
                by_shard.setdefault(row.shard, []).append(row.id)
        self._bus.publish([Message(shard, messages.look(ids)) for shard, ids in by_shard.items()])

    def _kill(self, work: TurnWork, revoked: frozenset[str]) -> None:
        """What a worker holds is ended there; what nobody had claimed has ended with the
        revocation."""
        kills: list[str] = []
        for changes in work.changes.values():
            for request in changes.kills:
                if request.token in revoked:
                    event = _never_started(request.task_run_id, request.token)
                    self._memory.later.append((request.execution_id, event))
                else:
                    kills.append(request.token)
        if kills:
            self._dispatcher.kill(kills)


def _never_started(task_run_id: str, token: str) -> TaskEnded:
    """A killed attempt that no worker had claimed."""
    moment = now()
    return TaskEnded(task_run_id, token, State.KILLED, moment, moment)
