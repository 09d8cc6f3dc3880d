"""`io.kestra.plugin.core.flow.ForEach`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.plan import Branch, BranchKind, Plan
from plugins.contracts.task import AnyTask, FlowableTask
from plugins.core.flow.loop_values import loop_values


class ForEach(FlowableTask):
    """Run a group of tasks once for each value of a list.

    Within a group tasks run one after another; `concurrencyLimit` says how many groups run at
    once. `{{ taskrun.value }}` is the value, `{{ outputs.other[taskrun.value].value }}` the output
    of another task of the same group. Values are taken once each; numbers become texts, objects
    JSON."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.ForEach"
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Two values at a time.",
            code="""\
id: for_each
namespace: company.team
tasks:
  - id: tables
    type: io.kestra.plugin.core.flow.ForEach
    values: ["customers", "orders", "products"]
    concurrencyLimit: 2
    tasks:
      - id: load
        type: io.kestra.plugin.core.log.Log
        message: "loading {{ taskrun.value }}"
""",
        ),
        Example(
            title="The values come from a task before.",
            code="""\
id: for_each_of_output
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.core.debug.Return
    format: '["a", "b"]'
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ outputs.list.value }}"
    tasks:
      - id: say
        type: io.kestra.plugin.core.log.Log
        message: "{{ taskrun.value }}"
""",
        ),
    )

    values: Text | tuple[Any, ...] = Field(
        description="A list, or a text that renders to a JSON list."
    )
    tasks: tuple[AnyTask, ...] = Field(min_length=1, description="Run for each value.")
    concurrency_limit: int = Field(
        default=1, ge=0, description="How many values are worked on at once; 0 means all."
    )

    def branches(self) -> tuple[Branch, ...]:
        return (Branch("tasks", self.tasks, BranchKind.DYNAMIC), *self.closing_branches())

    def templates(self) -> Mapping[str, Any]:
        return {"values": self.values}

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        values = loop_values(rendered["values"])
        return Plan(self.tasks, values=values, limit=self.concurrency_limit)
