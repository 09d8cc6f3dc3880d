"""The executions in an executor's memory, with the flow that each follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from common.ids import shard_of
from executions.executor.compiled import CompiledFlow
from executions.executor.model import LiveExecution, Outputs, TaskRun
from executions.store.contract import StoredExecution


@dataclass(frozen=True, slots=True)
class FlowBundle:
    """One revision of a flow, and what an executor keeps with it. `fast_tasks` tells which inline
    tasks have only pure templates; `is_confidential`: it has inputs that must be masked, so nothing
    of it runs inline."""

    flow: CompiledFlow
    variables: Mapping[str, Any] | None = None
    is_confidential: bool = False
    fast_tasks: dict[str, bool] = field(default_factory=dict)
    # Task id -> the tasks whose outputs its expressions read; None: any.
    references: dict[str, frozenset[str] | None] = field(default_factory=dict)
    # Gives the rendered outputs of the flow their declared types; raises Invalid.
    type_outputs: Callable[[Mapping[str, Any]], dict[str, Any]] = dict


# (tenant, namespace, flow id, revision) -> its bundle. Raises NotFound.
FlowProvider = Callable[[str, str, str, int], FlowBundle]


@dataclass(slots=True)
class Resident:
    """`kept_bytes` counts the outputs in memory, `absent` the task runs whose outputs are not,
    `attempts_written` the attempts of each task run that have their rows. `is_awaited`: somebody
    waits for its end."""

    live: LiveExecution
    bundle: FlowBundle
    claims: dict[str, str] = field(default_factory=dict)
    attempts_written: dict[str, int] = field(default_factory=dict)
    kept_bytes: int = 0
    absent: int = 0
    is_awaited: bool = False

    @property
    def id(self) -> str:
        return self.live.head.id

    @property
    def shard(self) -> int:
        return shard_of(self.live.head.id)

    @property
    def day(self) -> datetime:
        return self.live.head.created_at


class Residents:
    """`outputs_limit` bounds the outputs that one execution keeps in memory, in bytes of JSON."""

    def __init__(self, provider: FlowProvider, *, outputs_limit: int = 1_000_000) -> None:
        self._provider = provider
        self._outputs_limit = outputs_limit
        self._by_id: dict[str, Resident] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, execution_id: str) -> bool:
        return execution_id in self._by_id

    def get(self, execution_id: str) -> Resident | None:
        return self._by_id.get(execution_id)

    def admit(self, stored: StoredExecution) -> Resident:
        """From its rows. The engine's `Loaded` event must follow."""
        head = stored.head
        bundle = self._provider(head.tenant, head.namespace, head.flow_id, head.flow_revision)
        live = LiveExecution(
            head=head,
            task_runs={run.id: run for run in stored.task_runs},
            next_seq=max((run.seq for run in stored.task_runs), default=-1) + 1,
        )
        resident = Resident(live, bundle, claims=dict(stored.claims))
        for run in stored.task_runs:
            resident.attempts_written[run.id] = len(run.attempts)
            self._count(resident, run)
        self._by_id[head.id] = resident
        return resident

    def drop(self, execution_id: str) -> None:
        self._by_id.pop(execution_id, None)

    def drop_shards(self, shards: Iterable[int]) -> list[Resident]:
        gone = set(shards)
        dropped = [resident for resident in self._by_id.values() if resident.shard in gone]
        for resident in dropped:
            self.drop(resident.id)
        return dropped

    def note_saved(self, resident: Resident, run: TaskRun) -> None:
        """After a commit: large outputs leave the memory, the row or the storage has them."""
        if run.attempts:
            resident.attempts_written[run.id] = len(run.attempts)
        if not run.is_ended:
            return
        outputs = run.outputs
        if outputs is None or outputs.value is None or outputs.size == 0:
            self._count(resident, run)
            return
        if resident.kept_bytes + outputs.size > self._outputs_limit:
            lean = Outputs(value=None, uri=outputs.uri, size=outputs.size)
            resident.live.task_runs[run.id] = replace(run, outputs=lean)
            resident.absent += 1
        else:
            resident.kept_bytes += outputs.size

    def _count(self, resident: Resident, run: TaskRun) -> None:
        if run.outputs is None:
            return
        if run.outputs.value is None:
            resident.absent += 1
        else:
            resident.kept_bytes += run.outputs.size
