"""`io.kestra.plugin.scripts.python.Script`."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.scripts.python.base import PythonTask


class Script(PythonTask):
    """Run a Python script that stands in the flow.

    With the library `kestra` the script hands outputs and metrics on: `Kestra.outputs({"rows": 3})`
    becomes `outputs.<task>.vars.rows`."""

    type_name: ClassVar[str] = "io.kestra.plugin.scripts.python.Script"
    aliases: ClassVar[tuple[str, ...]] = ()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A script with an output.",
            code="""\
id: python_script
namespace: company.team
tasks:
  - id: count
    type: io.kestra.plugin.scripts.python.Script
    beforeCommands:
      - pip install kestra > /dev/null
    warningOnStdErr: false
    script: |
      from kestra import Kestra

      Kestra.outputs({"total": sum(range(10))})
""",
        ),
    )

    script: Text = Field(description="The script; rendered before it runs.")

    def command_lines(
        self, context: RunContext, folder: Path, variables: Mapping[str, Any]
    ) -> Sequence[str]:
        # Beside the input files, so that the script can import them.
        path = folder / f".script-{context.task_run_id}.py"
        text = str(context.render(self.script, variables=variables))
        path.write_text(text, encoding="utf-8")
        return [f"{self.program()} {shlex.quote(str(path))}"]
