"""`io.kestra.plugin.core.flow.Switch`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from common.errors import Invalid
from plugins.contracts.model import Example, Text, text_of_scalar
from plugins.contracts.plan import Branch, BranchKind, Plan
from plugins.contracts.task import AnyTask, FlowableTask


def _with_text_keys(cases: Any) -> Any:
    """YAML reads the case `true:` as a boolean and `1:` as a number."""
    if isinstance(cases, Mapping):
        return {text_of_scalar(key): tasks for key, tasks in cases.items()}
    return cases


class Switch(FlowableTask):
    """Choose the tasks to run by a value.

    The rendered `value` is compared with the names of the `cases`. When none fits, `defaults`
    run; without them the task fails."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.flow.Switch"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.flows.Switch",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A case for each value of an input.",
            code="""\
id: switch
namespace: company.team
inputs:
  - id: region
    type: STRING
    defaults: EU
tasks:
  - id: by_region
    type: io.kestra.plugin.core.flow.Switch
    value: "{{ inputs.region }}"
    cases:
      EU:
        - id: europe
          type: io.kestra.plugin.core.log.Log
          message: Hello Europe
    defaults:
      - id: elsewhere
        type: io.kestra.plugin.core.log.Log
        message: "Hello {{ inputs.region }}"
""",
        ),
    )

    value: Text = Field(description="Rendered and compared with the names of the cases.")
    cases: Annotated[dict[str, tuple[AnyTask, ...]], BeforeValidator(_with_text_keys)] = Field(
        default_factory=dict, description="The tasks to run, by value."
    )
    defaults: tuple[AnyTask, ...] | None = Field(
        default=None, description="The tasks to run when no case fits."
    )

    def branches(self) -> tuple[Branch, ...]:
        cases = [
            Branch(f"cases.{value}", tasks, BranchKind.CHOICE, value=value)
            for value, tasks in self.cases.items()
        ]
        if self.defaults:
            cases.append(Branch("defaults", self.defaults, BranchKind.CHOICE, value="defaults"))
        return (*cases, *self.closing_branches())

    def templates(self) -> Mapping[str, Any]:
        return {"value": self.value}

    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        value = str(text_of_scalar(rendered["value"]))
        fits = value in self.cases
        tasks = self.cases[value] if fits else self.defaults
        if tasks is None:
            known = ", ".join(self.cases) or "none"
            raise Invalid(
                f"No case of the Switch '{self.id}' fits the value '{value}' and it has no "
                f"defaults; its cases are: {known}"
            )
        return Plan(tasks, outputs={"value": value, "defaults": not fits})
