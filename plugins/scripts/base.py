"""What all script tasks share: properties, the way of a run, the outputs."""

import os
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from common.durations import parse_duration
from common.json import loads
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import OLDER, Dynamic, Output, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.runner import AnyTaskRunner, CommandRequest, TaskRunner
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask
from plugins.core.runner.process import TEMPORARY, Process
from plugins.scripts.docker_options import DockerOptions
from plugins.scripts.files import (
    NamespaceFiles,
    keep_output_files,
    put_input_files,
    put_namespace_files,
    rendered_patterns,
)
from plugins.scripts.messages import ScriptMessages
from plugins.scripts.runner.docker.docker import Docker

OWN_FOLDER = ".kestra"
_OUTPUTS = f"{OWN_FOLDER}/outputs"
# Linux takes at most 128 KB in one argument; a longer script goes into a file.
_ARGUMENT_LIMIT = 100_000


class ScriptOutput(Output):
    """What a script leaves behind."""

    exit_code: int = Field(default=0, description="The exit code; 0, or the task has failed.")
    vars: dict[str, Any] = Field(
        default_factory=dict, description="What the script printed as outputs."
    )
    output_files: dict[str, str] = Field(
        default_factory=dict, description="Addresses of the kept files, by name."
    )
    std_out_line_count: int = Field(default=0, description="Lines on standard output.")
    std_err_line_count: int = Field(default=0, description="Lines on standard error.")
    _is_warning: bool = PrivateAttr(default=False)

    def with_warning(self, is_warning: bool) -> "ScriptOutput":
        self._is_warning = is_warning
        return self

    def final_state(self) -> State | None:
        return State.WARNING if self._is_warning else None


class ScriptTask(RunnableTask):
    """A task that runs commands in a working folder of its own."""

    output_type: ClassVar[type[Output]] = ScriptOutput
    folders: ClassVar[tuple[str, ...]] = (TEMPORARY, _OUTPUTS)
    # The image of a container when the task names none.
    default_image: ClassVar[str] = "ubuntu"

    task_runner: AnyTaskRunner | None = Field(
        default=None, description="Where the commands run; a process of the worker by default."
    )
    container_image: Text | None = Field(
        default=None, description="The image, for task runners that use containers."
    )
    runner: Literal["PROCESS", "DOCKER"] | None = Field(
        default=None, description="Older form of taskRunner.", json_schema_extra=OLDER
    )
    docker: DockerOptions | None = Field(
        default=None, description="Options of `runner: DOCKER`.", json_schema_extra=OLDER
    )
    env: dict[str, Any] | Text | None = Field(
        default=None, description="Further environment variables."
    )
    input_files: dict[str, Any] | Text | None = Field(
        default=None,
        description="Files to put into the working folder: contents or `kestra:///` addresses.",
    )
    output_files: tuple[Text, ...] | Text | None = Field(
        default=None, description="Files to keep: names or glob patterns."
    )
    namespace_files: NamespaceFiles | None = Field(
        default=None, description="Files of the namespace to put into the working folder."
    )
    before_commands: tuple[Text, ...] | None = Field(
        default=None, description="Commands that run first, such as `pip install`."
    )
    interpreter: tuple[Text, ...] = Field(
        default=("/bin/sh", "-c"), description="What reads the commands."
    )
    fail_fast: Dynamic[bool] = Field(
        default=True, description="Whether the first command that fails ends the task."
    )
    warning_on_std_err: bool = Field(
        default=True, description="Whether a line on standard error makes the task a WARNING."
    )
    output_directory: bool = Field(
        default=False,
        description="Accepted; `{{ outputDir }}` is always there.",
        json_schema_extra=OLDER,
    )
    target_os: Literal["LINUX", "WINDOWS", "AUTO"] = Field(
        default="AUTO", alias="targetOS", description="Accepted; commands run on Linux."
    )

    @abstractmethod
    def command_lines(
        self, context: RunContext, folder: Path, variables: Mapping[str, Any]
    ) -> Sequence[str]:
        """The rendered lines that the interpreter gets, after the `beforeCommands`."""

    def run(self, context: RunContext) -> ScriptOutput:
        folder = context.working_directory
        output_folder = _output_folder(context, folder)
        variables = {"workingDir": str(folder), "outputDir": str(output_folder)}
        put_namespace_files(context, folder, self.namespace_files)
        put_input_files(context, folder, self.input_files, variables)
        lines = self._lines(context, folder, variables)
        messages = ScriptMessages(context)
        counts = self._execute(context, folder, lines, variables, messages)
        patterns = rendered_patterns(context, self.output_files, variables)
        return ScriptOutput(
            vars=messages.outputs,
            output_files=keep_output_files(context, folder, patterns, output_folder),
            std_out_line_count=counts[False],
            std_err_line_count=counts[True],
        ).with_warning(self.warning_on_std_err and counts[True] > 0)

    def environment(self) -> Mapping[str, str]:
        """Variables that the language wants."""
        return {}

    def chosen_runner(self) -> TaskRunner:
        if self.task_runner is not None:
            return self.task_runner
        if self.runner == "DOCKER":
            return Docker.from_options(self.docker)
        return Process(type=Process.type_name)

    def image(self) -> str:
        older = self.docker.image if self.docker is not None else None
        return self.container_image or older or self.default_image

    def _lines(self, context: RunContext, folder: Path, variables: Mapping[str, Any]) -> list[str]:
        before = context.render(list(self.before_commands or ()), variables=variables)
        lines = [*before, *self.command_lines(context, folder, variables)]
        return [str(line) for line in lines]

    def _execute(
        self,
        context: RunContext,
        folder: Path,
        lines: Sequence[str],
        variables: Mapping[str, Any],
        messages: ScriptMessages,
    ) -> dict[bool, int]:
        """Lines written, by whether on standard error. Raises TaskFailed."""
        counts = {False: 0, True: 0}

        def on_line(text: str, is_stderr: bool) -> None:
            counts[is_stderr] += 1
            if messages.take(text):
                return
            if is_stderr:
                context.logger.warning(text)
            else:
                context.logger.info(text)

        is_strict = str(context.render(self.fail_fast, typed=True)).lower() == "true"
        text = "\n".join(["set -e", *lines] if is_strict and self._is_shell else lines)
        request = CommandRequest(
            command=self._command(context, folder, text),
            directory=folder,
            environment=self._environment(context, variables),
            timeout=self._timeout(context),
            on_line=on_line,
            image=str(context.render(self.image())),
        )
        result = self.chosen_runner().run(context, request)
        if result.exit_code != 0 or result.detail:
            detail = f": {result.detail}" if result.detail else ""
            raise TaskFailed(f"The command ended with exit code {result.exit_code}{detail}")
        return counts

    @property
    def _is_shell(self) -> bool:
        name = self.interpreter[0].rpartition("/")[2]
        return name in {"sh", "bash", "dash", "ksh", "zsh", "ash"}

    def _command(self, context: RunContext, folder: Path, text: str) -> list[str]:
        interpreter = [str(word) for word in context.render(list(self.interpreter))]
        if len(text.encode()) <= _ARGUMENT_LIMIT or interpreter[-1] != "-c":
            return [*interpreter, text]
        script = folder / OWN_FOLDER / f"{context.task_run_id}.sh"
        script.write_text(text, encoding="utf-8")
        return [*interpreter[:-1], str(script)]

    def _environment(self, context: RunContext, variables: Mapping[str, Any]) -> dict[str, str]:
        own = {
            **self.environment(),
            "WORKING_DIR": str(variables["workingDir"]),
            "OUTPUT_DIR": str(variables["outputDir"]),
        }
        wanted = context.render(self.env or {}, variables=variables)
        if isinstance(wanted, str):
            wanted = loads(wanted)
        return {**own, **{str(key): _text(value) for key, value in wanted.items()}}

    def _timeout(self, context: RunContext) -> timedelta | None:
        if self.timeout is None or isinstance(self.timeout, timedelta):
            return self.timeout
        return parse_duration(str(context.render(self.timeout)))


def _output_folder(context: RunContext, folder: Path) -> Path:
    """An empty one: tasks that share a working folder keep their outputs apart."""
    found = folder / _OUTPUTS
    if found.is_dir():
        if not os.listdir(found):  # noqa: PTH208  # a path for each entry is not needed
            return found
        found = folder / OWN_FOLDER / context.task_run_id / "outputs"
    found.mkdir(parents=True, exist_ok=True)
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
