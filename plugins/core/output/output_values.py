"""`io.kestra.plugin.core.output.OutputValues`."""

from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Output
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask


class OutputValuesOutput(Output):
    """What OutputValues leaves behind."""

    values: dict[str, Any] = Field(description="The rendered values.")


class OutputValues(RunnableTask):
    """Render some values and keep them as outputs.

    Another task reads them as `outputs.<task>.values.<name>`, another flow through `outputs` of
    this flow."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.output.OutputValues"
    aliases: ClassVar[tuple[str, ...]] = ()
    output_type: ClassVar[type[Output]] = OutputValuesOutput
    is_light: ClassVar[bool] = True
    is_inline: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Two values.",
            code="""\
id: output_values
namespace: company.team
tasks:
  - id: numbers
    type: io.kestra.plugin.core.output.OutputValues
    values:
      day: "{{ execution.startDate | date('yyyy-MM-dd') }}"
      rows: 3
  - id: show
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.numbers['values'].day }}"
""",
        ),
    )

    values: dict[str, Any] = Field(description="Texts are rendered, at any depth.")

    def run(self, context: RunContext) -> OutputValuesOutput:
        return OutputValuesOutput(values=context.render(self.values))
