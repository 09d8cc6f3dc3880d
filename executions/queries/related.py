"""Executions that started each other."""

from __future__ import annotations

from executions.models import Execution
from executions.queries.details import children_of, executions_by_ids

MAX_RELATED = 1_000


def related_executions(
    row: Execution, *, only_after: bool = False, expand_all: bool = False
) -> list[Execution]:
    """The execution, what started it, and what it started; with `expand_all` also what is next to
    those, up to MAX_RELATED. With `only_after` only what came from it. Two queries a step."""
    found = {each.public_id: each for each in executions_by_ids([row.public_id])}
    frontier = list(found.values())
    while frontier and len(found) < MAX_RELATED:
        around = list(children_of(each.public_id for each in frontier)[:MAX_RELATED])
        if not only_after:
            causes = [each.trigger_execution_id for each in frontier if each.trigger_execution_id]
            around += executions_by_ids(causes) if causes else []
        fresh = {each.public_id: each for each in around if each.public_id not in found}
        found.update(fresh)
        frontier = list(fresh.values()) if expand_all else []
    return list(found.values())
