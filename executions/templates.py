"""The templates in a task's properties, and what they read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from common.errors import KestraError
from executions.executor.residents import FlowBundle
from expressions.engine import ExpressionEngine
from plugins.contracts.task import Task

# Reading one of these may lead to any task run.
_READS_ANY = frozenset({"tasks", "parent", "parents"})


def texts_in(value: Any) -> Iterator[str]:
    """All texts in a map or list, to any depth, that may hold an expression."""
    if isinstance(value, str):
        if "{" in value:
            yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(key)
            yield from texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from texts_in(item)


def texts_of(task: Task) -> list[str]:
    names = type(task).model_fields.keys() - Task.model_fields.keys()
    return list(texts_in([getattr(task, name) for name in names]))


def output_references(
    engine: ExpressionEngine, bundle: FlowBundle, task_id: str
) -> frozenset[str] | None:
    """The tasks whose outputs the expressions of a task read; None where that is not known."""
    known = bundle.references
    if task_id not in known:
        known[task_id] = _references(engine, texts_of(bundle.flow.places[task_id].task))
    return known[task_id]


def _references(engine: ExpressionEngine, texts: list[str]) -> frozenset[str] | None:
    found: set[str] = set()
    for text in texts:
        try:
            template = engine.compile(text)
        except KestraError:
            return None
        if template.output_references is None or template.names & _READS_ANY:
            return None
        found |= template.output_references
    return frozenset(found)
