"""`io.kestra.plugin.scripts.shell.Script`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.scripts.base import ScriptTask


class Script(ScriptTask):
    """Run a script of the shell that stands in the flow."""

    type_name: ClassVar[str] = "io.kestra.plugin.scripts.shell.Script"
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A loop that fills a file.",
            code="""\
id: shell_script
namespace: company.team
tasks:
  - id: fill
    type: io.kestra.plugin.scripts.shell.Script
    outputFiles:
      - data
    script: |
      for i in $(seq 1 10); do echo "$i" >> data; done
""",
        ),
    )

    script: Text = Field(description="The script; rendered before it runs.")

    def command_lines(
        self, context: RunContext, folder: Path, variables: Mapping[str, Any]
    ) -> Sequence[str]:
        return [str(context.render(self.script, variables=variables))]
