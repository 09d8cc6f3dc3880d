"""`io.kestra.plugin.core.execution.Fail`."""

from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask
from plugins.contracts.truth import is_true


class Fail(RunnableTask):
    """Fail, always or under a condition.

    False conditions are the boolean false, null, and the texts `""`, `"0"`, `"-0"`, `"false"`."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.execution.Fail"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.executions.Fail",)
    is_light: ClassVar[bool] = True
    is_inline: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Fail unless the input is one that is known.",
            code="""\
id: fail_on_switch
namespace: company.team
inputs:
  - id: region
    type: STRING
    defaults: EU
tasks:
  - id: check
    type: io.kestra.plugin.core.execution.Fail
    condition: "{{ inputs.region not in ['EU', 'US'] }}"
    errorMessage: "There is no region {{ inputs.region }}"
""",
        ),
    )

    condition: Any = Field(default=None, description="Rendered; without one the task fails always.")
    error_message: Text = Field(default="Task failure", description="What the log then says.")

    def run(self, context: RunContext) -> None:
        if self.condition is None or is_true(context.render(self.condition, typed=True)):
            raise TaskFailed(str(context.render(self.error_message)))
