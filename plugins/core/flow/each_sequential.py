"""`io.kestra.plugin.core.flow.EachSequential`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.plan import Branch, BranchKind, Plan
from plugins.contracts.task import AnyTask, FlowableTask
from plugins.core.flow.loop_values import loop_values


class EachSequential(FlowableTask):
    """Run a group of tasks for one value of a list after another.

    `ForEach` does the same and more."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.EachSequential"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.EachSequential",)
    is_deprecated: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Three values in order.",
            code="""\
id: each_sequential
namespace: company.team
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.EachSequential
    value: ["one", "two", "three"]
    tasks:
      - id: say
        type: io.kestra.plugin.core.debug.Return
        format: "{{ task.id }} with {{ taskrun.value }}"
""",
        ),
    )

    value: Text | tuple[Any, ...] = Field(
        description="A list, or a text that renders to a JSON list."
    )
    tasks: tuple[AnyTask, ...] = Field(min_length=1, description="Run for each value.")

    def branches(self) -> tuple[Branch, ...]:
        return (Branch("tasks", self.tasks, BranchKind.DYNAMIC), *self.closing_branches())

    def templates(self) -> Mapping[str, Any]:
        return {"value": self.value}

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        return Plan(self.tasks, values=loop_values(rendered["value"]), limit=1)
