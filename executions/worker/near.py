"""The task runs that a bundle's expressions read: they came with the claim, or are asked for once
for the whole bundle, when the first of them reads one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from executions.executor.model import TaskRun
from executions.scope import Rows
from executions.store.contract import Claimed, Store

References = Callable[[Claimed], "frozenset[str] | None"]


class Near:
    """Belongs to one bundle. `references` names the tasks whose outputs the task of a claimed
    attempt reads; None: it may read any. `found`: what came with the claim."""

    def __init__(
        self,
        store: Store,
        bundle: Sequence[Claimed],
        references: References,
        found: dict[str, list[TaskRun]] | None = None,
    ) -> None:
        self._store = store
        self._bundle = bundle
        self._references = references
        self._lock = threading.Lock()
        self._found = found

    def rows_of(self, claimed: Claimed) -> Rows:
        head, run = claimed.head, claimed.task_run

        def near() -> Iterable[TaskRun]:
            return _with(self._rows().get(run.id, []), run)

        def whole() -> Iterable[TaskRun]:
            return _with(self._store.outputs_of(head.id, head.created_at, None), run)

        return Rows(near, whole)

    def _rows(self) -> dict[str, list[TaskRun]]:
        with self._lock:
            if self._found is None:
                self._found = self._store.rows_around(self._bundle, self._task_ids())
            return self._found

    def _task_ids(self) -> set[str] | None:
        found: set[str] = set()
        for claimed in self._bundle:
            names = self._references(claimed)
            if names is None:
                return None
            found |= names
        return found


def _with(rows: Iterable[TaskRun], run: TaskRun) -> list[TaskRun]:
    """The claimed row itself is the newer one."""
    return [run, *(row for row in rows if row.id != run.id)]
