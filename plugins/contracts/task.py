"""Contracts of tasks: what runs (`RunnableTask`), what steers (`FlowableTask`), what starts another
flow (`ExecutableTask`)."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, PlainSerializer, model_validator

from common.durations import format_duration, parse_duration
from plugins.contracts.model import ID_PATTERN, Dynamic, Output, Plugin, PluginPart
from plugins.contracts.nested import Kind, Nested
from plugins.contracts.plan import Branch, BranchKind, Plan, SubflowRequest
from plugins.contracts.run_context import RunContext
from plugins.contracts.state import State


def _duration(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except ValueError:
        if value.islower() or value.isupper():
            raise
        return parse_duration(value.upper())  # PT0.25s is written too


Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(format_duration, return_type=str, when_used="json"),
]


class Retry(PluginPart):
    """When a failed task is tried again. `max_attempt` counts the first try too; `max_duration`
    counts from the first attempt's start."""

    type: Literal["constant", "exponential", "random"]
    behavior: Literal["RETRY_FAILED_TASK", "CREATE_NEW_EXECUTION"] = "RETRY_FAILED_TASK"
    interval: Duration | None = None
    max_interval: Duration | None = None
    min_interval: Duration | None = None
    delay_factor: float = 2.0
    max_attempt: int | None = Field(default=None, ge=1)
    max_attempts: int | None = Field(default=None, ge=1)
    max_duration: Duration | None = None
    warning_on_retry: bool = False

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> Self:
        if self.type == "random":
            if self.min_interval is None or self.max_interval is None:
                raise ValueError("a random retry needs minInterval and maxInterval")
            if self.min_interval > self.max_interval:
                raise ValueError("minInterval must not be longer than maxInterval")
        elif self.interval is None:
            raise ValueError(f"a retry of type {self.type} needs an interval")
        return self

    @property
    def attempts_allowed(self) -> int | None:
        return self.max_attempt if self.max_attempt is not None else self.max_attempts


class WorkerGroup(PluginPart):
    """Which workers may run it, and what happens when none is there."""

    key: str
    fallback: Literal["FAIL", "WAIT", "CANCEL"] = "WAIT"


class Task(Plugin):
    """What every task has."""

    id: str = Field(pattern=ID_PATTERN, max_length=256, description="Unique in the flow.")
    description: str | None = Field(default=None, description="Shown in the pages; Markdown.")
    disabled: bool = Field(default=False, description="A disabled task leaves no task run.")
    run_if: str | bool = Field(default="true", description="Rendered; false skips the task.")
    allow_failure: bool = Field(default=False, description="A failure becomes a warning.")
    allow_warning: bool = Field(default=False, description="A warning becomes a success.")
    retry: Retry | None = None
    timeout: Dynamic[Duration] | None = Field(default=None, description="For each attempt.")
    worker_group: WorkerGroup | None = None
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR"] | None = None
    log_to_file: bool = False

    @property
    def may_be_skipped(self) -> bool:
        return self.run_if not in ("true", True)

    def branches(self) -> tuple[Branch, ...]:
        """The tasks inside, by branch; nothing for a task without children."""
        return ()

    def walk(self) -> Iterator["Task"]:
        """This task and all below it."""
        yield self
        for branch in self.branches():
            for task in branch.tasks:
                yield from task.walk()


# A field that takes any type of task.
AnyTask = Annotated[Task, Nested(Kind.TASK)]


class RunnableTask(Task):
    """A task that does something. `run` is called on a worker, with expressions of its properties
    still unrendered: `context.render(self.x)` gives their values. Whatever `run` raises fails the
    attempt with the message of the error."""

    # What `run` returns, for the documentation.
    output_type: ClassVar[type[Output] | None] = None
    # Light: ends within milliseconds, so many may travel in one message.
    is_light: ClassVar[bool] = False
    # Inline: touches nothing outside, so the executor may run it itself.
    is_inline: ClassVar[bool] = False
    # Folders that it wants to find, empty, in its working folder, as paths below that.
    folders: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def run(self, context: RunContext) -> Output | Mapping[str, Any] | None:
        """Do it. May be called again after a failure: with a new context and a new attempt."""

    def kill(self) -> None:
        """Stop a `run` under way in another thread: close the connection, interrupt the query.
        Processes started through the context's runner end by themselves."""


class FlowableTask(Task):
    """A task that steers others. Pure: it names its children, the executor does the rest."""

    errors: tuple[AnyTask, ...] | None = Field(
        default=None, description="Run when one of the tasks has failed."
    )
    finally_: tuple[AnyTask, ...] | None = Field(
        default=None, alias="finally", description="Run at the end, whatever happened."
    )

    @abstractmethod
    def branches(self) -> tuple[Branch, ...]: ...

    def closing_branches(self) -> tuple[Branch, ...]:
        """`errors` and `finally`: what stands after the branches of one's own."""
        found = []
        if self.errors:
            found.append(Branch("errors", self.errors, BranchKind.ERROR))
        if self.finally_:
            found.append(Branch("finally", self.finally_, BranchKind.FINALLY))
        return tuple(found)

    def templates(self) -> Mapping[str, Any]:
        """What must be rendered before `plan`, by name."""
        return {}

    @abstractmethod
    def plan(self, rendered: Mapping[str, Any]) -> Plan:
        """The children to run, from the rendered `templates`. Raises Invalid to fail the task."""

    def outcome(self, state: State) -> State:
        """The state it ends in, given the state that its children lead to."""
        return state


class ExecutableTask(Task):
    """A task that starts an execution of another flow."""

    def templates(self) -> Mapping[str, Any]:
        return {}

    @abstractmethod
    def request(self, rendered: Mapping[str, Any]) -> SubflowRequest:
        """Which flow to start and with what. Raises Invalid to fail the task."""

    @abstractmethod
    def outcome(self, child: State) -> State:
        """The state of the task run once the child has ended."""
