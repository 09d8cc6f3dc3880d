"""`io.kestra.plugin.core.flow.Parallel`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example
from plugins.contracts.plan import Branch, BranchKind, Order, Plan
from plugins.contracts.task import AnyTask, FlowableTask


class Parallel(FlowableTask):
    """Run tasks at the same time.

    The group ends when all its tasks have ended. `concurrent` limits how many run at once."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.Parallel"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.Parallel",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Three tasks, two of them at once.",
            code="""\
id: parallel
namespace: company.team
tasks:
  - id: together
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - id: one
        type: io.kestra.plugin.core.debug.Return
        format: "1"
      - id: two
        type: io.kestra.plugin.core.debug.Return
        format: "2"
      - id: three
        type: io.kestra.plugin.core.debug.Return
        format: "3"
""",
        ),
    )

    tasks: tuple[AnyTask, ...] = Field(min_length=1, description="Run side by side.")
    concurrent: int = Field(
        default=0, ge=0, description="How many tasks run at once; 0 means no limit."
    )

    def branches(self) -> tuple[Branch, ...]:
        return (
            Branch("tasks", self.tasks, BranchKind.PARALLEL),
            *self.closing_branches(),
        )

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        return Plan(self.tasks, order=Order.PARALLEL, limit=self.concurrent)
