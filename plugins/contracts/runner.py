"""Contract of task runners: where the commands of a script task run."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from plugins.contracts.model import Plugin
from plugins.contracts.nested import Kind, Nested
from plugins.contracts.run_context import RunContext


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """What to run: the words of one command, in `directory`, with `environment` on top of the
    runner's own minimal one. `on_line(text, is_stderr)` is called for each line of output. `image`
    is for runners that use containers."""

    command: Sequence[str]
    directory: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: timedelta | None = None
    on_line: Callable[[str, bool], None] = lambda text, is_stderr: None
    image: str | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """How it ended. `detail` says what an exit code can't: killed by a signal, out of memory, out
    of time."""

    exit_code: int
    detail: str = ""


class TaskRunner(Plugin):
    """Runs commands somewhere: a process here, a container, a batch service."""

    @abstractmethod
    def run(self, context: RunContext, request: CommandRequest) -> CommandResult:
        """Blocks until the command has ended and nothing of it is left. Kill and timeout end it:
        SIGTERM to the whole group, grace, SIGKILL."""


# A field that takes any type of task runner.
AnyTaskRunner = Annotated[TaskRunner, Nested(Kind.TASK_RUNNER)]
