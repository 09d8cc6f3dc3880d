"""Brings what attempts leave behind to where it is kept: log lines to the store, results to their
owners. A result is held until its owner has committed it."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from common.ids import shard_of
from executions import messages
from executions.bus.contract import Bus, Message
from executions.executor.events import TaskEnded, TaskStarted
from executions.live.contract import LiveUpdates, Note
from executions.store.contract import InboxRow, LogRow, MetricRow, Store

log = logging.getLogger("kestra.worker")

# A result that was sent this often over the bus goes straight into the inbox.
SENDS_OVER_THE_BUS = 2
LINES_AT_ONCE = 2_000
# Seconds that a start or a line waits for company: what ends that soon is told in one go. Results
# never wait.
LINGER = 0.01


@dataclass(slots=True)
class _Held:
    execution_id: str
    event: TaskEnded
    sends: int = 0


@dataclass(slots=True)
class _Load:
    """What is sent together. `drops`: how often everything had been dropped before."""

    logs: list[LogRow]
    metrics: list[MetricRow]
    events: list[tuple[str, TaskStarted | TaskEnded]]
    drops: int


class Reporter:
    """One thread sends, or the caller that has the last result of a bundle. Lines of an attempt
    are written before its result goes out, so whoever sees the end finds the whole log."""

    def __init__(self, store: Store, bus: Bus, live: LiveUpdates) -> None:
        self._store = store
        self._bus = bus
        self._live = live
        self._condition = threading.Condition()
        self._logs: list[LogRow] = []
        self._metrics: list[MetricRow] = []
        self._events: list[tuple[str, TaskStarted | TaskEnded]] = []
        self._held: dict[str, _Held] = {}
        self._notes: set[Note] = set()  # of who sends alone
        self._due = math.inf
        self._drops = 0
        self._is_busy = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)
        self._thread.start()

    def line(self, row: LogRow) -> None:
        with self._condition:
            # a task that logs faster than the store writes waits here
            while len(self._logs) >= 10 * LINES_AT_ONCE and not self._is_closed:
                self._condition.wait(0.1)
            self._logs.append(row)
            self._send_within(LINGER if len(self._logs) < LINES_AT_ONCE else 0.0)

    def metric(self, row: MetricRow) -> None:
        with self._condition:
            self._metrics.append(row)
            self._send_within(LINGER)

    def event(
        self, execution_id: str, event: TaskStarted | TaskEnded, *, is_last: bool = False
    ) -> None:
        """`is_last`: no other follows soon, so the caller's thread may send it, if nobody else
        sends: to wake another costs more."""
        with self._condition:
            seconds = LINGER
            if isinstance(event, TaskEnded):
                seconds = 0.0
                self._held[event.token] = _Held(execution_id, event)
            self._events.append((execution_id, event))
            if not is_last or self._is_busy:
                self._send_within(seconds)
                return
            load = self._take()
        self._deliver(load)

    def held_tokens(self) -> list[str]:
        with self._condition:
            return list(self._held)

    def confirm(self, open_tokens: Collection[str], *, asked: Collection[str]) -> None:
        """Of those that were asked for: drops what is committed or unwanted, and sends the rest
        again."""
        with self._condition:
            for token in asked:
                if token not in open_tokens:
                    self._held.pop(token, None)
            waiting = [
                self._held[token]
                for token in asked
                if token in self._held and self._held[token].sends > 0
            ]
        again = [held for held in waiting if held.sends < SENDS_OVER_THE_BUS]
        late = [held for held in waiting if held.sends >= SENDS_OVER_THE_BUS]
        with self._condition:
            self._events.extend((held.execution_id, held.event) for held in again)
            self._send_within(0.0)
        self._put_into_inbox(late)

    def drop_all(self) -> None:
        """The worker was declared lost: nobody wants its results."""
        with self._condition:
            self._held.clear()
            self._events.clear()
            self._drops += 1

    def flush(self, seconds: float) -> bool:
        """Waits until everything is sent; False when the time was too short."""
        until = time.monotonic() + seconds
        with self._condition:
            self._send_within(0.0)
            while self._events or self._logs or self._metrics or self._is_busy:
                if not self._condition.wait(max(0.0, until - time.monotonic())):
                    return False
        return True

    def close(self) -> None:
        with self._condition:
            self._is_closed = True
            self._condition.notify_all()
        self._thread.join()

    def _send_within(self, seconds: float) -> None:
        """With the condition held. Wakes the sending thread only if it would sleep longer."""
        due = time.monotonic() + seconds
        if due < self._due:
            self._due = due
            self._condition.notify_all()

    # ---- the sending thread ---------------------------------------------------------------------
    def _wait_until_due(self) -> None:
        while self._is_busy or not self._is_closed:
            if not (self._events or self._logs or self._metrics):
                self._due = math.inf
            left = self._due - time.monotonic()
            if left <= 0 and not self._is_busy:
                return
            self._condition.wait(None if self._is_busy or left == math.inf else left)

    def _run(self) -> None:
        patience = 0.1
        while True:
            with self._condition:
                self._wait_until_due()
                if self._is_closed and not (self._events or self._logs or self._metrics):
                    return
                load = self._take()
            if self._deliver(load):
                patience = 0.1
                continue
            with self._condition:
                if self._is_closed:
                    return
                self._condition.wait(patience)
                self._send_within(0.0)
            patience = min(5.0, patience * 2)

    def _take(self) -> _Load:
        """With the condition held, and nobody sending."""
        load = _Load(self._logs, self._metrics, self._events, self._drops)
        self._logs, self._metrics, self._events = [], [], []
        self._due = math.inf
        self._is_busy = True
        return load

    def _deliver(self, load: _Load) -> bool:
        """False: what is left of it waits again."""
        is_sent = False
        try:
            self._send(load.logs, load.metrics, load.events)
            is_sent = True
        except Exception:
            log.exception("worker: results could not be sent; they are sent again")
        with self._condition:
            if not is_sent:
                self._logs[:0] = load.logs
                self._metrics[:0] = load.metrics
                if load.drops == self._drops:
                    self._events[:0] = load.events
            self._is_busy = False
            if self._events or self._logs or self._metrics:
                self._send_within(0.0)
            self._condition.notify_all()
        return is_sent

    def _send(
        self,
        logs: list[LogRow],
        metrics: list[MetricRow],
        events: list[tuple[str, TaskStarted | TaskEnded]],
    ) -> None:
        """Takes out of the lists what need not be sent again."""
        while logs or metrics:
            written = logs[:LINES_AT_ONCE]
            self._store.write_logs(written, metrics)
            # before anything that may fail: what is in the store is not written again
            del logs[:LINES_AT_ONCE]
            metrics.clear()
            self._notes.update(_notes(written))
        by_shard: dict[int, list[tuple[str, TaskStarted | TaskEnded]]] = {}
        for execution_id, event in events:
            by_shard.setdefault(shard_of(execution_id), []).append((execution_id, event))
        if by_shard:
            self._bus.publish(
                [Message(shard, messages.results(found)) for shard, found in by_shard.items()]
            )
        with self._condition:
            for _, event in events:
                held = self._held.get(event.token)
                if held is not None and isinstance(event, TaskEnded):
                    held.sends += 1
        events.clear()
        if self._notes:
            self._live.publish(list(self._notes))
            self._notes.clear()

    def _put_into_inbox(self, late: Sequence[_Held]) -> None:
        if not late:
            return
        rows = []
        for held in late:
            kind, payload = messages.inbox_payload(held.event)
            rows.append(InboxRow(shard_of(held.execution_id), held.execution_id, kind, payload))
        self._store.put_inbox(rows)
        with self._condition:
            for held in late:
                self._held.pop(held.event.token, None)


def _notes(logs: Sequence[LogRow]) -> list[Note]:
    seen = {(row.tenant, row.execution_id) for row in logs if row.execution_id is not None}
    return [Note(tenant, execution_id or "", "log") for tenant, execution_id in seen]
