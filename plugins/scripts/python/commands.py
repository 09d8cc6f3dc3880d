"""`io.kestra.plugin.scripts.python.Commands`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.scripts.python.base import PythonTask


class Commands(PythonTask):
    """Run commands that call Python, such as `python main.py`.

    The files come from the namespace (`namespaceFiles`) or from `inputFiles`."""

    type_name: ClassVar[str] = "io.kestra.plugin.scripts.python.Commands"
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A file of the namespace.",
            code="""\
id: python_commands
namespace: company.team
tasks:
  - id: etl
    type: io.kestra.plugin.scripts.python.Commands
    namespaceFiles:
      enabled: true
    commands:
      - python scripts/etl.py
""",
        ),
    )

    commands: tuple[Text, ...] | Text = Field(description="The commands, in order.")

    def command_lines(
        self, context: RunContext, folder: Path, variables: Mapping[str, Any]
    ) -> Sequence[str]:
        commands = [self.commands] if isinstance(self.commands, str) else list(self.commands)
        return [str(line) for line in context.render(commands, variables=variables)]
