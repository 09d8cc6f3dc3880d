"""`io.kestra.plugin.core.flow.EachParallel`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.plan import Branch, BranchKind, Order, Plan
from plugins.contracts.task import AnyTask, FlowableTask
from plugins.core.flow.loop_values import loop_values


class EachParallel(FlowableTask):
    """Run tasks for all values of a list at the same time.

    All tasks of all values start at once; put a `Sequential` inside for an order within a value.
    `ForEach` with `concurrencyLimit: 0` is its successor."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.EachParallel"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.EachParallel",)
    is_deprecated: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Three values side by side.",
            code="""\
id: each_parallel
namespace: company.team
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.EachParallel
    value: '["one", "two", "three"]'
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
    concurrent: int = Field(
        default=0, ge=0, description="How many values are worked on at once; 0 means all."
    )

    def branches(self) -> tuple[Branch, ...]:
        return (Branch("tasks", self.tasks, BranchKind.DYNAMIC), *self.closing_branches())

    def templates(self) -> Mapping[str, Any]:
        return {"value": self.value}

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        return Plan(
            self.tasks,
            order=Order.PARALLEL,
            values=loop_values(rendered["value"]),
            limit=self.concurrent,
        )
