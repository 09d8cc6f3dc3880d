"""The executor: reads a batch of events, lets the engine decide on each, writes all of it in one
transaction under its shards' epochs, then sends. The only code that changes live executions."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from common.clock import now
from common.ids import new_id, shard_of
from executions import messages
from executions.bus.contract import Bus, Message, Received
from executions.dispatch.contract import Dispatcher, WorkItem
from executions.executor.alarm import Alarm
from executions.executor.answers import Answers
from executions.executor.collecting import Changes, add_to_batch, collect, is_collected, work_item
from executions.executor.commands import (
    Command,
    ContinueLater,
    Dispatch,
    Render,
    RunInline,
    StartSubflow,
)
from executions.executor.engine import advance
from executions.executor.events import (
    Continue,
    Event,
    Loaded,
    Moment,
    TaskEnded,
    TaskLost,
    TimerDue,
)
from executions.executor.residents import Resident, Residents
from executions.executor.window import Window
from executions.live.contract import LiveUpdates, Note
from executions.store.contract import Batch, EpochLost, InboxRow, Store, Turn
from plugins.contracts.state import State

log = logging.getLogger("kestra.executor")

# An execution in which the engine failed so often is set aside.
FAILURES_ALLOWED = 3
# Of what waits in memory (a take-over, wide loops) one turn handles so much.
EVENTS_IN_A_TURN = 500
# Few events in hand are handled at once; with more it pays to wait for their neighbours.
LINGER_ABOVE = 2


@dataclass(frozen=True, slots=True)
class ExecutorTimes:
    """All in seconds."""

    lease: float = 6.0
    renew: float = 2.0
    sweep: float = 2.0
    linger: float = 0.0025
    claim_patience: float = 45.0


@dataclass(slots=True)
class _Turn:
    """What one turn has in hand."""

    received: Sequence[Received]
    inbox_ids: list[int] = field(default_factory=list)
    events: dict[str, list[Event]] = field(default_factory=dict)
    rows: dict[str, list[InboxRow]] = field(default_factory=dict)
    changes: dict[str, Changes] = field(default_factory=dict)
    done_tokens: list[str] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, execution_id: str, event: Event) -> None:
        self.events.setdefault(execution_id, []).append(event)


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
        self._residents = residents
        self._answers = answers_factory(bus.wake)
        self._times = times or ExecutorTimes()
        self._window = Window(factor=window_factor)
        self._alarm = Alarm()
        self._shards: dict[int, int] = {}
        self._later: deque[tuple[str, Event]] = deque()
        self._backlog: list[Received] = []
        self._stopping = threading.Event()
        self._next_renew = 0.0
        self._next_sweep = 0.0

    # ---- life -----------------------------------------------------------------------------------
    def run(self) -> None:
        """Until `stop`. Errors of the outside (database, Redis) are waited out."""
        patience = 0.1
        while not self._stopping.is_set():
            try:
                self.turn(block=True)
                patience = 0.1
            except EpochLost as error:
                self._give_up(error.shards)
            except Exception:
                log.exception("executor: the turn failed; memory is dropped and read again")
                self._give_up(list(self._shards))
                self._stopping.wait(patience)
                patience = min(patience * 2, 5.0)
        self._answers.close()
        self._store.release_shards(self.owner)

    def stop(self) -> None:
        self._stopping.set()
        self._bus.wake()

    @property
    def shards(self) -> dict[int, int]:
        return dict(self._shards)

    def turn(self, *, block: bool) -> int:
        """One turn of the loop. Returns how many events were handled."""
        self._housekeeping()
        turn = _Turn(self._receive(block=block))
        self._gather(turn)
        if not turn.events and not turn.inbox_ids:
            self._bus.acknowledge(turn.received)
            return 0
        return self._handle(turn)

    # ---- what has come in -----------------------------------------------------------------------
    def _receive(self, *, block: bool) -> list[Received]:
        if self._backlog:
            backlog, self._backlog = self._backlog, []
            return backlog
        wait = self._wait_seconds() if block else 0.0
        found = self._bus.receive(self._shards, timeout_seconds=wait)
        if len(found) > LINGER_ABOVE:
            # without this the loop can lock into batches of one
            time.sleep(self._times.linger)
            found += self._bus.receive(self._shards, timeout_seconds=0)
        return found

    def _wait_seconds(self) -> float:
        if self._later:
            return 0.0
        moment = time.monotonic()
        until = min(self._next_renew, self._next_sweep) - moment
        due = self._alarm.seconds_to_next(now())
        return max(0.0, until if due is None else min(until, due))

    def _gather(self, turn: _Turn) -> None:
        for received in turn.received:
            inbox_ids, events = messages.parse(received.body)
            turn.inbox_ids.extend(inbox_ids)
            for execution_id, event in events:
                turn.add(execution_id, event)
        for execution_id, event in self._answers.take():
            turn.add(execution_id, event)
        for _ in range(min(len(self._later), EVENTS_IN_A_TURN)):
            turn.add(*self._later.popleft())
        for timer in self._alarm.due(now()):
            turn.add(timer.execution_id, TimerDue(timer.kind, timer.task_run_id, timer.token))

    # ---- one transaction ------------------------------------------------------------------------
    def _handle(self, turn: _Turn) -> int:
        with self._store.turn(self._shards) as transaction:
            self._take_inbox(turn, transaction)
            self._admit(turn)
            count = sum(map(len, turn.events.values()))
            for execution_id, events in turn.events.items():
                self._advance_one(turn, execution_id, events)
            batch = Batch(shards=dict(self._shards))
            for changes in turn.changes.values():
                add_to_batch(batch, changes)
            written = transaction.write(batch)
            revoked = transaction.revoke(
                [request for changes in turn.changes.values() for request in changes.kills]
            )
        self._after_commit(turn, written, revoked)
        return count

    def _take_inbox(self, turn: _Turn, transaction: Turn) -> None:
        for row in transaction.take_inbox(turn.inbox_ids):
            turn.rows.setdefault(row.execution_id, []).append(row)
            turn.add(row.execution_id, messages.inbox_event(row.kind, row.payload))

    def _admit(self, turn: _Turn) -> None:
        """Reads those executions that are not in memory. Ended ones are left out: what came for
        them came too late."""
        missing = [
            execution_id
            for execution_id in turn.events
            if execution_id not in self._residents and shard_of(execution_id) in self._shards
        ]
        known = {item.head.id: item for item in self._store.load_executions(missing)}
        for execution_id in list(turn.events):
            if execution_id in self._residents:
                continue
            stored = known.get(execution_id)
            if stored is None or stored.is_over or stored.failures >= FAILURES_ALLOWED:
                del turn.events[execution_id]
                continue
            self._residents.admit(stored)
            turn.events[execution_id].insert(0, Loaded())

    def _advance_one(self, turn: _Turn, execution_id: str, events: Sequence[Event]) -> None:
        resident = self._residents.get(execution_id)
        assert resident is not None
        changes = Changes(resident)
        try:
            for event in events:
                self._advance(turn, changes, event)
        except Exception as error:
            self._spoiled(turn, execution_id, error)
            return
        turn.changes[execution_id] = changes

    def _advance(self, turn: _Turn, changes: Changes, event: Event) -> None:
        """Feeds the event and, at once, the answers that need only memory."""
        resident = changes.resident
        pending: deque[Event] = deque([event])
        while pending:
            current = pending.popleft()
            if isinstance(current, TaskEnded | TaskLost):
                turn.done_tokens.append(current.token)
            elif isinstance(current, TimerDue):
                changes.cancelled.append(current.token)
            moment = Moment(now(), new_id, random.random)
            for command in advance(resident.bundle.flow, resident.live, current, moment):
                answer = self._carry_out(changes, resident, command)
                if answer is not None:
                    pending.append(answer)

    def _carry_out(self, changes: Changes, resident: Resident, command: Command) -> Event | None:
        if isinstance(command, Dispatch) and command.token in resident.claims:
            return None  # a worker holds it: its result will come
        if is_collected(command):
            collect(changes, command)
        elif isinstance(command, RunInline):
            result = self._answers.inline_now(resident, command)
            if result is None:
                item = work_item(resident, command.task_run_id, command.token)
                changes.dispatches[command.task_run_id] = item
                return None
            event, lines = result
            changes.note_lines(resident.live.task_runs[command.task_run_id], event, lines)
            return event
        elif isinstance(command, Render):
            answer = self._answers.render_now(resident, command)
            if answer is None:
                self._answers.render_later(resident, command)
            return answer
        elif isinstance(command, StartSubflow):
            self._answers.subflow_later(resident, command)
        elif isinstance(command, ContinueLater):
            self._later.append((resident.id, Continue(command.task_run_id)))
        return None

    def _spoiled(self, turn: _Turn, execution_id: str, error: Exception) -> None:
        """One bad execution stops nobody: its changes are dropped, its requests go back to the
        inbox, and after some such errors it is set aside."""
        log.exception("executor: the engine failed in execution %s", execution_id)
        resident = self._residents.get(execution_id)
        self._residents.drop(execution_id)
        self._alarm.drop(execution_id)
        turn.failures.append((execution_id, f"{type(error).__name__}: {error}"))
        if resident is not None and turn.rows.get(execution_id):
            changes = Changes(resident)
            changes.inbox.extend(turn.rows[execution_id])
            turn.changes[execution_id] = changes

    # ---- after the commit -----------------------------------------------------------------------
    def _after_commit(
        self, turn: _Turn, written: Sequence[InboxRow], revoked: frozenset[str]
    ) -> None:
        for execution_id, message in turn.failures:
            self._store.count_failure(execution_id, message)
        notes: list[Note] = []
        kills: list[str] = []
        for changes in turn.changes.values():
            self._settle(changes, notes)
            for request in changes.kills:
                if request.token in revoked:
                    event = _never_started(request.task_run_id, request.token)
                    self._later.append((request.execution_id, event))
                else:
                    kills.append(request.token)
        for token in turn.done_tokens:
            self._window.done(token)
        self._send()
        by_shard: dict[int, list[int]] = {}
        for row in written:
            if row.id is not None:
                by_shard.setdefault(row.shard, []).append(row.id)
        self._bus.publish([Message(shard, messages.look(ids)) for shard, ids in by_shard.items()])
        self._bus.acknowledge(turn.received)
        if kills:
            self._dispatcher.kill(kills)
        self._live.publish(notes)

    def _settle(self, changes: Changes, notes: list[Note]) -> None:
        resident = changes.resident
        head = resident.live.head
        for run in changes.runs.values():
            self._residents.note_saved(resident, run)
        for item in changes.dispatches.values():
            self._window.offer(item)
        self._alarm.add(changes.timers)
        if changes.head is not None or changes.runs:
            notes.append(Note(head.tenant, head.id, "end" if head.is_ended else "state"))
        elif changes.logs:
            notes.append(Note(head.tenant, head.id, "log"))
        if changes.is_over:
            self._residents.drop(head.id)
            self._alarm.drop(head.id)

    def _send(self) -> None:
        bundles = self._window.take(time.monotonic())
        if bundles:
            self._dispatcher.send(bundles)

    # ---- ownership and housekeeping -------------------------------------------------------------
    def _housekeeping(self) -> None:
        moment = time.monotonic()
        if moment >= self._next_renew:
            self._next_renew = moment + self._times.renew
            self._renew()
        if moment >= self._next_sweep:
            self._next_sweep = moment + self._times.sweep
            self._sweep()

    def _renew(self) -> None:
        lease = self._times.lease
        held = self._store.renew_shards(self.owner, lease_seconds=lease)
        held = self._store.acquire_shards(self.owner, lease_seconds=lease) or held
        lost = [shard for shard, epoch in self._shards.items() if held.get(shard) != epoch]
        if lost:
            self._give_up(lost)
        gained = [shard for shard in held if shard not in self._shards]
        self._shards = dict(held)
        if gained:
            self._take_over(gained)
        self._window.share = 1 / max(1, self._store.executor_count())
        self._window.set_slots(self._store.live_slots())

    def _take_over(self, shards: Sequence[int]) -> None:
        log.info("executor: takes over shards %s", sorted(shards))
        self._backlog.extend(self._bus.take_over(shards))
        self._alarm.add(self._store.load_timers(shards))
        for execution_id in self._store.open_execution_ids(shards):
            self._later.append((execution_id, Continue(None)))

    def _give_up(self, shards: Sequence[int] | frozenset[int]) -> None:
        """What is in memory of these shards may be wrong: it is dropped, and read again by whoever
        owns them then."""
        log.warning("executor: gives up its memory of shards %s", sorted(shards))
        for resident in self._residents.drop_shards(shards):
            self._alarm.drop(resident.id)
        gone = set(shards)
        tokens = [
            item.token for item in self._window.sent_items() if shard_of(item.execution_id) in gone
        ]
        self._window.forget(tokens)
        self._window.drop_waiting(lambda item: shard_of(item.execution_id) in gone)
        self._later = deque(entry for entry in self._later if shard_of(entry[0]) not in gone)
        for shard in gone:
            self._shards.pop(shard, None)
        self._next_renew = 0.0

    def _sweep(self) -> None:
        rows = self._store.sweep_inbox(self._shards)
        if rows:
            found = [row.id for row in rows if row.id is not None]
            self._backlog.append(Received(rows[0].shard, messages.look(found), ""))
        self._find_lost_attempts()
        if self._bus.lost_data():
            log.warning("executor: the event bus was emptied; the inbox is swept")
            self._bus.take_over(list(self._shards))
        if self._dispatcher.lost_data():
            self._send_again(self._window.sent_items())
        else:
            moment = time.monotonic()
            self._send_again(self._window.overdue(moment, self._times.claim_patience))
        self._send()

    def _find_lost_attempts(self) -> None:
        workers = self._store.declare_lost_workers()
        if not workers:
            return
        for execution_id, task_run_id, token, worker_id in self._store.claims_of(workers):
            if shard_of(execution_id) in self._shards:
                resident = self._residents.get(execution_id)
                if resident is not None:
                    resident.claims.pop(token, None)
                self._later.append((execution_id, TaskLost(task_run_id, token, worker_id)))

    def _send_again(self, items: Sequence[WorkItem]) -> None:
        """Only what is still wanted and nobody has claimed."""
        if not items:
            return
        states = self._store.open_tokens([item.token for item in items])
        for item in items:
            state = states.get(item.token)
            if state is not None and state.worker_id is not None:
                self._window.touch(item.token, time.monotonic())
                continue
            self._window.done(item.token)
            if state is not None:
                self._window.offer(item)


def _never_started(task_run_id: str, token: str) -> TaskEnded:
    """A killed attempt that no worker had claimed."""
    moment = now()
    return TaskEnded(task_run_id, token, State.KILLED, moment, moment)
