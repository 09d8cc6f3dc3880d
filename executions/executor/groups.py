"""A group: the tasks of one value of a loop, or the only ones of a flowable, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence

from plugins.contracts.plan import Order
from plugins.contracts.task import Task


class Group:
    """Knows which of its tasks may start. `limit` bounds how many are open at once; 0: no bound."""

    __slots__ = ("_blocked", "_dependents", "_left", "_order", "limit", "open")

    def __init__(
        self,
        tasks: Sequence[Task],
        order: Order,
        depends_on: Mapping[str, tuple[str, ...]],
        limit: int = 0,
    ) -> None:
        self.open = 0
        self.limit = 1 if order is Order.SEQUENTIAL else limit
        self._order = order
        self._blocked: dict[str, tuple[Task, set[str]]] = {}
        self._dependents: dict[str, list[str]] = {}
        self._left = deque(tasks)
        if order is Order.GRAPH:
            self._block(tasks, depends_on)

    def _block(self, tasks: Sequence[Task], depends_on: Mapping[str, tuple[str, ...]]) -> None:
        known = {task.id for task in tasks}
        self._left = deque()
        for task in tasks:
            needs = {name for name in depends_on.get(task.id, ()) if name in known}
            if not needs:
                self._left.append(task)
                continue
            self._blocked[task.id] = (task, needs)
            for name in needs:
                self._dependents.setdefault(name, []).append(task.id)

    @property
    def has_startable(self) -> bool:
        return bool(self._left) and (self.limit <= 0 or self.open < self.limit)

    @property
    def is_over(self) -> bool:
        return self.open == 0 and not self._left and not self._blocked

    def take(self) -> Task:
        self.open += 1
        return self._left.popleft()

    def take_known(self, task: Task) -> None:
        """A child that exists already (after a restart)."""
        self.open += 1
        self._blocked.pop(task.id, None)
        if task in self._left:
            self._left.remove(task)

    def note_ended(self, task_id: str) -> None:
        self.open -= 1
        for name in self._dependents.get(task_id, ()):
            if name in self._blocked:
                task, needs = self._blocked[name]
                needs.discard(task_id)
                if not needs:
                    del self._blocked[name]
                    self._left.append(task)


def enabled(tasks: Iterable[Task]) -> tuple[Task, ...]:
    """A disabled task leaves no task run."""
    return tuple(task for task in tasks if not task.disabled)
