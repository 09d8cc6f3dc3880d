"""`io.kestra.plugin.core.debug.Return`."""

from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Output, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask


class ReturnOutput(Output):
    """What Return leaves behind."""

    value: Any = Field(default=None, description="The rendered text.")


class Return(RunnableTask):
    """Return a rendered text as the output `value`.

    Good for trying out expressions and for passing a value on."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.debug.Return"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.debugs.Return",)
    output_type: ClassVar[type[Output]] = ReturnOutput
    is_light: ClassVar[bool] = True
    is_inline: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="The start of the task run.",
            code="""\
id: compute
namespace: company.team
tasks:
  - id: now
    type: io.kestra.plugin.core.debug.Return
    format: "{{ task.id }} > {{ taskrun.startDate }}"
""",
        ),
    )

    format: Text | None = Field(default=None, description="The text to render.")

    def run(self, context: RunContext) -> ReturnOutput:
        return ReturnOutput(value=context.render(self.format))
