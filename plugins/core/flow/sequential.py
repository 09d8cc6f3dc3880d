"""`io.kestra.plugin.core.flow.Sequential`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example
from plugins.contracts.plan import Branch, Plan
from plugins.contracts.task import AnyTask, FlowableTask


class Sequential(FlowableTask):
    """Run tasks one after another.

    The group ends when its last task has ended, or at the first failure."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.Sequential"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.Sequential",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Two tasks in order.",
            code="""\
id: sequential
namespace: company.team
tasks:
  - id: steps
    type: io.kestra.plugin.core.flow.Sequential
    tasks:
      - id: first
        type: io.kestra.plugin.core.log.Log
        message: "{{ task.id }} runs before the other"
      - id: second
        type: io.kestra.plugin.core.log.Log
        message: "{{ task.id }} runs after it"
""",
        ),
    )

    tasks: tuple[AnyTask, ...] = Field(min_length=1, description="Run in this order.")

    def branches(self) -> tuple[Branch, ...]:
        return (Branch("tasks", self.tasks), *self.closing_branches())

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        return Plan(self.tasks)
