"""`io.kestra.plugin.core.log.Log`."""

from typing import Any, ClassVar

from pydantic import Field

from common.json import dumps
from plugins.contracts.level import Level, write
from plugins.contracts.model import Dynamic, Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask


class Log(RunnableTask):
    """Write one or more lines to the log of the execution."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.log.Log"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.tasks.log.Log",)
    is_light: ClassVar[bool] = True
    is_inline: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A warning.",
            code="""\
id: hello
namespace: company.team
tasks:
  - id: greet
    type: io.kestra.plugin.core.log.Log
    level: WARN
    message: "{{ task.id }} says hello on {{ taskrun.startDate }}"
""",
        ),
        Example(
            title="Several lines.",
            code="""\
id: hello_twice
namespace: company.team
tasks:
  - id: greet
    type: io.kestra.plugin.core.log.Log
    message:
      - Hello
      - World
""",
        ),
    )

    message: Text | tuple[Text, ...] = Field(description="A text or a list of texts; rendered.")
    level: Dynamic[Level] = Field(default="INFO", description="The level of the lines.")

    def run(self, context: RunContext) -> None:
        level = str(context.render(self.level))
        messages = (self.message,) if isinstance(self.message, str) else self.message
        for message in messages:
            write(context.logger, level, _line(context.render(message)))


def _line(rendered: Any) -> str:
    return rendered if isinstance(rendered, str) else dumps(rendered)
