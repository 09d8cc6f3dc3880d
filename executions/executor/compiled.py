"""A flow as the engine walks it: its tasks by id, each with its place (parent, branch)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from plugins.contracts.task import FlowableTask, Retry, Task


class Phase(StrEnum):
    """Which part of a flowable (or of the flow) runs."""

    MAIN = "MAIN"
    ERRORS = "ERRORS"
    FINALLY = "FINALLY"
    DONE = "DONE"


class FlowSource(Protocol):
    """What the engine needs of a flow document."""

    @property
    def id(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def tasks(self) -> Sequence[Task]: ...
    @property
    def errors(self) -> Sequence[Task] | None: ...
    @property
    def finally_(self) -> Sequence[Task] | None: ...
    @property
    def retry(self) -> Retry | None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A task and where it stands. `retry` is its own, else the nearest ancestor's, else the
    flow's. `depth` counts from 0."""

    task: Task
    parent_id: str | None
    phase: Phase
    depth: int
    retry: Retry | None


@dataclass(frozen=True, slots=True)
class CompiledFlow:
    """One revision of a flow. `outputs` maps the id of each declared output to its template."""

    id: str
    namespace: str
    revision: int
    tasks: tuple[Task, ...]
    errors: tuple[Task, ...] = ()
    finally_: tuple[Task, ...] = ()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)

    def place(self, task_id: str) -> Place:
        return self.places[task_id]


def compile_flow(
    source: FlowSource, *, revision: int, outputs: Mapping[str, Any] | None = None
) -> CompiledFlow:
    errors = tuple(source.errors or ())
    finally_ = tuple(source.finally_ or ())
    places: dict[str, Place] = {}
    for tasks, phase in (
        (source.tasks, Phase.MAIN),
        (errors, Phase.ERRORS),
        (finally_, Phase.FINALLY),
    ):
        for place in _places(tasks, None, phase, 0, source.retry):
            places[place.task.id] = place
    return CompiledFlow(
        id=source.id,
        namespace=source.namespace,
        revision=revision,
        tasks=tuple(source.tasks),
        errors=errors,
        finally_=finally_,
        outputs=dict(outputs or {}),
        places=places,
    )


def _places(
    tasks: Sequence[Task], parent_id: str | None, phase: Phase, depth: int, retry: Retry | None
) -> Iterator[Place]:
    for task in tasks:
        own = task.retry or retry
        yield Place(task, parent_id, phase, depth, own)
        for branch in task.branches():
            yield from _places(branch.tasks, task.id, _phase_of(task, branch.path), depth + 1, own)


def _phase_of(task: Task, path: str) -> Phase:
    if isinstance(task, FlowableTask):
        if path == "errors":
            return Phase.ERRORS
        if path == "finally":
            return Phase.FINALLY
    return Phase.MAIN
