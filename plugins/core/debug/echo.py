"""`io.kestra.plugin.core.debug.Echo`."""

from typing import ClassVar

from pydantic import Field

from plugins.contracts.level import Level, write
from plugins.contracts.model import Dynamic, Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask


class Echo(RunnableTask):
    """Write a text to the log. `io.kestra.plugin.core.log.Log` is its successor."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.debug.Echo"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.debugs.Echo",)
    is_deprecated: ClassVar[bool] = True
    is_light: ClassVar[bool] = True
    is_inline: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="One line.",
            code="""\
id: echo
namespace: company.team
tasks:
  - id: say
    type: io.kestra.plugin.core.debug.Echo
    level: WARN
    format: "{{ task.id }} > {{ taskrun.startDate }}"
""",
        ),
    )

    format: Text = Field(default="", description="The text to write; rendered.")
    level: Dynamic[Level] = Field(default="INFO", description="The level of the line.")

    def run(self, context: RunContext) -> None:
        write(context.logger, str(context.render(self.level)), str(context.render(self.format)))
