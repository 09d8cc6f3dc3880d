"""A flow as its source declares it, with every task, trigger and input typed. Frozen: a revision's
document never changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field, model_validator

from flows.schema.inputs import AnyInput, Input
from flows.schema.parts import Check, Concurrency, FlowOutput, Labels, PluginDefault, Sla
from plugins.contracts.model import PluginPart
from plugins.contracts.nested import Kind, Nested
from plugins.contracts.plan import BranchKind
from plugins.contracts.task import AnyTask, Retry, Task, WorkerGroup
from plugins.contracts.trigger import Trigger

FLOW_ID_PATTERN = r"^[a-zA-Z0-9][a-zA-Z0-9._-]*$"
NAMESPACE_PATTERN = r"^[a-z0-9][a-z0-9._-]*$"

AnyTrigger = Annotated[Trigger, Nested(Kind.TRIGGER)]


@dataclass(frozen=True, slots=True)
class TaskPlace:
    """A task and where it stands: the path in the source, the ids of the tasks around it (the
    outermost first), and whether an `errors` branch lies between."""

    task: Task
    path: str
    parents: tuple[str, ...] = ()
    is_error: bool = False


class FlowDocument(PluginPart):
    """A flow. Sources are read by `flows.parsing`."""

    id: str = Field(pattern=FLOW_ID_PATTERN, min_length=1, max_length=100)
    namespace: str = Field(pattern=NAMESPACE_PATTERN, min_length=1, max_length=150)
    tenant_id: str | None = None
    revision: int | None = Field(default=None, ge=1)
    description: str | None = None
    labels: Labels = ()
    inputs: tuple[AnyInput, ...] = ()
    variables: dict[str, Any] | None = None
    tasks: tuple[AnyTask, ...] = Field(min_length=1)
    errors: tuple[AnyTask, ...] = ()
    finally_: tuple[AnyTask, ...] = Field(default=(), alias="finally")
    after_execution: tuple[AnyTask, ...] = ()
    triggers: tuple[AnyTrigger, ...] = ()
    outputs: tuple[FlowOutput, ...] = ()
    plugin_defaults: tuple[PluginDefault, ...] = ()
    task_defaults: tuple[PluginDefault, ...] = ()
    listeners: tuple[dict[str, Any], ...] = ()
    concurrency: Concurrency | None = None
    retry: Retry | None = None
    sla: tuple[Sla, ...] = ()
    checks: tuple[Check, ...] = ()
    worker_group: WorkerGroup | None = None
    disabled: bool = False
    deleted: bool = False
    draft: bool = False

    @model_validator(mode="before")
    @classmethod
    def _empty_means_absent(cls, value: Any) -> Any:
        """`inputs:` with nothing behind it is as good as no `inputs`."""
        if isinstance(value, dict):
            return {key: item for key, item in value.items() if item is not None}
        return value

    @cached_property
    def places(self) -> tuple[TaskPlace, ...]:
        """Every task at any depth, in the order of the source."""
        return tuple(self._walk())

    @cached_property
    def _tasks_by_id(self) -> dict[str, TaskPlace]:
        return {place.task.id: place for place in reversed(self.places)}

    @cached_property
    def _inputs_by_id(self) -> dict[str, Input]:
        return {item.id: item for item in reversed(self.inputs)}

    @cached_property
    def labels_map(self) -> dict[str, str]:
        """The first of equal keys wins."""
        return {label.key: label.value for label in reversed(self.labels)}

    @property
    def all_defaults(self) -> tuple[PluginDefault, ...]:
        """`taskDefaults` is the older name."""
        return (*self.plugin_defaults, *self.task_defaults)

    def all_tasks(self) -> Iterator[Task]:
        return (place.task for place in self.places)

    def task_by_id(self, task_id: str) -> Task | None:
        place = self._tasks_by_id.get(task_id)
        return place.task if place else None

    def find_path(self, task_id: str) -> TaskPlace | None:
        """Where the task stands: `tasks[0].cases.FIRST[1]`, and what is around it."""
        return self._tasks_by_id.get(task_id)

    def trigger_by_id(self, trigger_id: str) -> Trigger | None:
        return next((item for item in self.triggers if item.id == trigger_id), None)

    def input_by_id(self, input_id: str) -> Input | None:
        return self._inputs_by_id.get(input_id)

    def _walk(self) -> Iterator[TaskPlace]:
        yield from _below(self.tasks, "tasks", (), False)
        yield from _below(self.errors, "errors", (), True)
        yield from _below(self.finally_, "finally", (), False)
        yield from _below(self.after_execution, "afterExecution", (), False)


def _below(
    tasks: tuple[Task, ...], path: str, parents: tuple[str, ...], is_error: bool
) -> Iterator[TaskPlace]:
    for number, task in enumerate(tasks):
        here = f"{path}[{number}]"
        yield TaskPlace(task, here, parents, is_error)
        for branch in task.branches():
            yield from _below(
                branch.tasks,
                f"{here}.{branch.path}",
                (*parents, task.id),
                is_error or branch.kind is BranchKind.ERROR,
            )
