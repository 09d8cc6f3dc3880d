"""`io.kestra.plugin.scripts.shell.Commands`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.scripts.base import ScriptTask


class Commands(ScriptTask):
    """Run commands of the shell, one after another.

    A line such as `::{"outputs": {"rows": 3}}::` on standard output becomes
    `outputs.<task>.vars.rows`."""

    type_name: ClassVar[str] = "io.kestra.plugin.scripts.shell.Commands"
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Two commands and a file that is kept.",
            code="""\
id: shell_commands
namespace: company.team
tasks:
  - id: list
    type: io.kestra.plugin.scripts.shell.Commands
    outputFiles:
      - "*.txt"
    commands:
      - echo "first" > one.txt
      - echo '::{"outputs":{"files":"'$(ls *.txt | wc -l)'"}}::'
""",
        ),
        Example(
            title="A file of the flow as input.",
            code="""\
id: shell_input
namespace: company.team
inputs:
  - id: orders
    type: FILE
tasks:
  - id: count
    type: io.kestra.plugin.scripts.shell.Commands
    inputFiles:
      orders.csv: "{{ inputs.orders }}"
    commands:
      - wc -l orders.csv
""",
        ),
    )

    commands: tuple[Text, ...] | Text = Field(description="The commands, in order.")

    def command_lines(
        self, context: RunContext, folder: Path, variables: Mapping[str, Any]
    ) -> Sequence[str]:
        commands = [self.commands] if isinstance(self.commands, str) else list(self.commands)
        return [str(line) for line in context.render(commands, variables=variables)]
