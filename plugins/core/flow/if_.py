"""`io.kestra.plugin.core.flow.If`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example
from plugins.contracts.plan import Branch, BranchKind, Plan
from plugins.contracts.task import AnyTask, FlowableTask
from plugins.contracts.truth import is_true


class If(FlowableTask):
    """Run tasks only if a condition holds.

    False are the boolean false, null, and the texts `""`, `"0"`, `"-0"` and `"false"`; all else is
    true. The result is kept in the output `evaluationResult` and not evaluated again. Without
    `else` a false condition runs nothing and the task succeeds."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.If"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.If",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="One task or the other.",
            code="""\
id: if_condition
namespace: company.team
inputs:
  - id: is_full
    type: BOOLEAN
    defaults: true
tasks:
  - id: if
    type: io.kestra.plugin.core.flow.If
    condition: "{{ inputs.is_full }}"
    then:
      - id: full
        type: io.kestra.plugin.core.log.Log
        message: a full load
    else:
      - id: part
        type: io.kestra.plugin.core.log.Log
        message: only what is new
""",
        ),
    )

    condition: Any = Field(description="Rendered; decides which of the two branches runs.")
    then: tuple[AnyTask, ...] = Field(min_length=1, description="Run if the condition is true.")
    else_: tuple[AnyTask, ...] | None = Field(
        default=None, alias="else", description="Run if the condition is false."
    )

    def branches(self) -> tuple[Branch, ...]:
        found = [Branch("then", self.then, BranchKind.CHOICE, value="then")]
        if self.else_:
            found.append(Branch("else", self.else_, BranchKind.CHOICE, value="else"))
        return (*found, *self.closing_branches())

    def templates(self) -> Mapping[str, Any]:
        return {"condition": self.condition}

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        result = is_true(rendered["condition"])
        tasks = self.then if result else self.else_ or ()
        return Plan(tasks, outputs={"evaluationResult": result})
