"""`io.kestra.plugin.core.flow.Dag`."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from plugins.contracts.model import Example, PluginPart, fault
from plugins.contracts.plan import Branch, BranchKind, Order, Plan
from plugins.contracts.task import AnyTask, FlowableTask, Task


class DagTask(PluginPart):
    """A task and what must have ended before it starts."""

    task: AnyTask
    depends_on: tuple[str, ...] = Field(
        default=(), description="Ids of tasks of the same Dag that must end first."
    )


class Dag(FlowableTask):
    """Run tasks in the order of what they depend on.

    A task starts as soon as all tasks that it depends on have ended; what does not depend on one
    another runs at the same time. A circle of dependencies is refused when the flow is saved."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.Dag"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.Dag",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Two loads, and a report when both are done.",
            code="""\
id: dag
namespace: company.team
tasks:
  - id: dag
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - task:
          id: orders
          type: io.kestra.plugin.core.log.Log
          message: orders
      - task:
          id: customers
          type: io.kestra.plugin.core.log.Log
          message: customers
      - task:
          id: report
          type: io.kestra.plugin.core.log.Log
          message: report
        dependsOn:
          - orders
          - customers
""",
        ),
    )

    tasks: tuple[DagTask, ...] = Field(min_length=1, description="Tasks and their dependencies.")
    concurrent: int = Field(
        default=0, ge=0, description="How many tasks run at once; 0 means no limit."
    )

    @model_validator(mode="after")
    def _depends_on_what_is_there_and_not_on_itself(self) -> Self:
        known = {item.task.id for item in self.tasks}
        for number, item in enumerate(self.tasks):
            for position, name in enumerate(item.depends_on):
                if name not in known:
                    message = f"there is no task '{name}' in the Dag '{self.id}'"
                    raise fault(message, "tasks", number, "dependsOn", position, value=name)
        circle = _circle(self._dependencies)
        if circle:
            raise fault(f"these tasks wait for one another: {' → '.join(circle)}", "tasks")
        return self

    @cached_property
    def _dependencies(self) -> dict[str, tuple[str, ...]]:
        return {item.task.id: item.depends_on for item in self.tasks}

    @cached_property
    def _children(self) -> tuple[Task, ...]:
        return tuple(item.task for item in self.tasks)

    def branches(self) -> tuple[Branch, ...]:
        tasks = Branch("tasks", self._children, BranchKind.PARALLEL, depends_on=self._dependencies)
        return (tasks, *self.closing_branches())

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        return Plan(
            self._children,
            order=Order.GRAPH,
            depends_on=self._dependencies,
            limit=self.concurrent,
        )


def _circle(dependencies: Mapping[str, Sequence[str]]) -> list[str]:
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []
