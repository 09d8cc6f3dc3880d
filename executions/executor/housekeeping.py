"""What an executor does besides its turns: leases of shards, take-over, the sweep of what got
lost."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import close_old_connections

from executions import messages
from executions.bus.contract import Bus, Received
from executions.dispatch.contract import Dispatcher, WorkItem
from executions.executor.events import Continue, TaskLost
from executions.executor.memory import Memory
from executions.store.contract import Store

log = logging.getLogger("kestra.executor")


@dataclass(frozen=True, slots=True)
class ExecutorTimes:
    """All in seconds. `claim_patience`: an attempt that was sent and not claimed for so long is
    looked up, and sent again if nobody has it. `restarts_lost`: what was lost with its worker is
    started again at once, else never."""

    lease: float = 6.0
    renew: float = 2.0
    sweep: float = 2.0
    linger: float = 0.0025
    claim_patience: float = 45.0
    restarts_lost: bool = True


class Housekeeping:
    """Belongs to the executor's thread."""

    def __init__(
        self,
        *,
        owner: str,
        memory: Memory,
        store: Store,
        bus: Bus,
        dispatcher: Dispatcher,
        times: ExecutorTimes,
    ) -> None:
        self._owner = owner
        self._memory = memory
        self._store = store
        self._bus = bus
        self._dispatcher = dispatcher
        self._times = times
        self._next_renew = 0.0
        self._next_sweep = 0.0

    def do_what_is_due(self) -> None:
        moment = time.monotonic()
        if moment >= self._next_renew:
            self._next_renew = moment + self._times.renew
            self._renew()
        if moment >= self._next_sweep:
            self._next_sweep = moment + self._times.sweep
            self._sweep()

    def seconds_to_next(self) -> float:
        return min(self._next_renew, self._next_sweep) - time.monotonic()

    def give_up(self, shards: Collection[int]) -> None:
        """Drops the memory of these shards; what is still ours is read again at once."""
        close_old_connections()  # flows are read over Django's: it may be what has failed
        log.warning("executor: gives up its memory of shards %s", sorted(shards))
        self._memory.drop_shards(shards)
        self._next_renew = 0.0

    def send(self) -> None:
        """Fills the windows."""
        bundles = self._memory.window.take(time.monotonic())
        if bundles:
            self._dispatcher.send(bundles)

    # ---- ownership ------------------------------------------------------------------------------
    def _renew(self) -> None:
        memory, lease = self._memory, self._times.lease
        self._store.renew_shards(self._owner, lease_seconds=lease)
        held = self._store.acquire_shards(self._owner, lease_seconds=lease)
        lost = [shard for shard, epoch in memory.shards.items() if held.get(shard) != epoch]
        if lost:
            self.give_up(lost)
        gained = [shard for shard in held if shard not in memory.shards]
        memory.shards = dict(held)
        if gained:
            self._take_over(gained)
        memory.window.share = 1 / max(1, self._store.executor_count())
        memory.window.set_slots(self._store.live_slots())

    def _take_over(self, shards: Sequence[int]) -> None:
        log.info("executor: takes over shards %s", sorted(shards))
        memory = self._memory
        memory.backlog.extend(self._bus.take_over(shards))
        memory.alarm.add(self._store.load_timers(shards))
        for execution_id in self._store.open_execution_ids(shards):
            memory.later.append((execution_id, Continue(None)))
        self._next_sweep = 0.0

    # ---- what got lost --------------------------------------------------------------------------
    def _sweep(self) -> None:
        memory = self._memory
        by_shard: dict[int, list[int]] = {}
        for row in self._store.sweep_inbox(memory.shards):
            if row.id is not None:
                by_shard.setdefault(row.shard, []).append(row.id)
        for shard, ids in by_shard.items():
            memory.backlog.append(Received(shard, messages.look(ids), ""))
        # what was delivered after our take-over to an owner before us, who may not apply it
        memory.backlog.extend(self._bus.take_over(list(memory.shards)))
        self._find_lost_attempts()
        if self._bus.lost_data():
            log.warning("executor: the event bus was emptied; the inbox is swept")
        if self._dispatcher.lost_data():
            log.warning("executor: the broker was emptied; what nobody has claimed is sent again")
            self._send_again(memory.window.sent_items())
        else:
            patience = self._times.claim_patience
            self._send_again(memory.window.overdue(time.monotonic(), patience))
        self.send()

    def _find_lost_attempts(self) -> None:
        workers = self._store.declare_lost_workers()
        if not workers:
            return
        memory = self._memory
        for execution_id, task_run_id, token, worker_id in self._store.claims_of(workers):
            if memory.owns(execution_id):
                resident = memory.residents.get(execution_id)
                if resident is not None:
                    resident.claims.pop(token, None)
                event = TaskLost(task_run_id, token, worker_id, self._times.restarts_lost)
                memory.later.append((execution_id, event))

    def _send_again(self, items: Sequence[WorkItem]) -> None:
        """Only what is still wanted and nobody has claimed."""
        if not items:
            return
        window = self._memory.window
        states = self._store.open_tokens([item.token for item in items])
        for item in items:
            state = states.get(item.token)
            if state is not None and state.worker_id is not None:
                window.touch(item.token, time.monotonic())
                continue
            window.done(item.token)
            if state is not None:
                window.offer(item)
