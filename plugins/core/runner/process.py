"""`io.kestra.plugin.core.runner.Process`."""

import os
from typing import ClassVar

from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Example
from plugins.contracts.run_context import RunContext
from plugins.contracts.runner import CommandRequest, CommandResult, TaskRunner
from plugins.core.runner.session import ProcessSession

TEMPORARY = ".kestra"


class Process(TaskRunner):
    """Run the commands of a script task as a process of the worker's machine.

    The process is in a session of its own and gets a clean environment: `PATH`, `HOME` (the
    working folder), `LANG`, `TMPDIR` and what the task's `env` says, nothing of the server's. Kill
    and timeout send SIGTERM to the whole group, and SIGKILL to what is left five seconds later.
    Whatever the commands leave running in the background is ended with them."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.runner.Process"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.plugin.core.runner.ProcessTaskRunner",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A command on the worker itself.",
            code="""\
id: process
namespace: company.team
tasks:
  - id: shell
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner:
      type: io.kestra.plugin.core.runner.Process
    commands:
      - echo "Hello World!"
""",
        ),
    )

    # Seconds between SIGTERM and SIGKILL.
    grace: ClassVar[float] = 5.0

    def run(self, context: RunContext, request: CommandRequest) -> CommandResult:
        temporary = request.directory / TEMPORARY
        try:
            if not temporary.is_dir():
                temporary.mkdir(exist_ok=True)
        except OSError as error:
            raise TaskFailed(
                f"The working folder {request.directory} cannot be written: {error.strerror}"
            ) from error
        home = str(request.directory)
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "PWD": home,
            "LANG": "C.UTF-8",
            "TMPDIR": str(temporary),
            **request.environment,
        }
        session = ProcessSession(
            CommandRequest(
                request.command, request.directory, environment, request.timeout, request.on_line
            ),
            grace=self.grace,
        )
        context.on_kill(session.kill)
        return session.run()
