"""Makes a running attempt of a claimed one: the task from its flow, the context with its scope."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from common.clock import now
from executions.confidential import encrypted_texts
from executions.executor.residents import FlowBundle
from executions.outside import ServerOutside
from executions.scope import Scope
from executions.store.contract import Claimed, LogRow, MetricRow
from executions.templates import output_references
from executions.worker.attempt import RunningAttempt
from executions.worker.context import WorkerContext
from executions.worker.lines import AttemptLog
from executions.worker.near import Near
from expressions.engine import ExpressionEngine
from expressions.masking import Masker
from plugins.contracts.task import RunnableTask


@dataclass(frozen=True, slots=True)
class Preparation:
    """What all attempts of a worker share."""

    engine: ExpressionEngine
    outside: ServerOutside
    temporary: Path
    outputs_inline_limit: int
    emit_line: Callable[[LogRow], None]
    emit_metric: Callable[[MetricRow], None]

    def prepare(self, claimed: Claimed, near: Near) -> RunningAttempt:
        """Raises NotFound, and Invalid where a type that the flow names is gone."""
        bundle = self.outside.bundle(claimed.head)
        task = bundle.flow.places[claimed.task_run.task_id].task
        if not isinstance(task, RunnableTask):
            raise TypeError(f"{task.type} is not a task that a worker runs")
        masker = self._masker(claimed)
        return RunningAttempt(
            claimed=claimed,
            context=self._context(claimed, near, bundle, task, masker),
            task=task,
            masker=masker,
            started_at=now(),
            outputs_inline_limit=self.outputs_inline_limit,
        )

    def references_of(self, claimed: Claimed) -> frozenset[str] | None:
        """The tasks whose outputs its expressions read; None: any, or none that could be told."""
        bundle = self.outside.bundle(claimed.head)
        return output_references(self.engine, bundle, claimed.task_run.task_id)

    def _masker(self, claimed: Claimed) -> Masker:
        masker = Masker()
        for secret in encrypted_texts(claimed.head.inputs):
            masker.add(secret)
        return masker

    def _context(
        self,
        claimed: Claimed,
        near: Near,
        bundle: FlowBundle,
        task: RunnableTask,
        masker: Masker,
    ) -> WorkerContext:
        head, run = claimed.head, claimed.task_run
        scope = Scope(
            head=head,
            rows=near.rows_of(claimed),
            surroundings=self.outside.surroundings(head, bundle),
            run=run,
            task_type=task.type,
        )
        return WorkerContext(
            head=head,
            run=run,
            engine=self.engine,
            scope=scope,
            services=self.outside.services(head, scope, masker),
            masker=masker,
            logger=AttemptLog(head, run, masker, self.emit_line, level=task.log_level),
            emit_metric=self.emit_metric,
            temporary=self.temporary,
            layout=task.folders,
        )
