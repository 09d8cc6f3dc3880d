"""Where a task run stands in the loops around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

Path = tuple[str, ...]


class Indexed(Protocol):
    """What the index needs of a task run."""

    @property
    def id(self) -> str: ...
    @property
    def task_id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def value(self) -> str | None: ...


@dataclass(slots=True)
class TaskRunIndex:
    """Finds task runs by task and loop values: (task id, outermost value, …) -> id."""

    by_path: dict[Path, str] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)
    values_below: dict[Path, list[str]] = field(default_factory=dict)

    def add(self, run: Indexed) -> None:
        """In the order of creation: a parent before its children."""
        above = self.paths.get(run.parent_id or "", ())
        values = above if run.value is None else (*above, run.value)
        self.paths[run.id] = values
        path: Path = (run.task_id,)
        for value in values:
            below = self.values_below.setdefault(path, [])
            path = (*path, value)
            if path not in self.by_path and path not in self.values_below:
                below.append(value)
        self.by_path[path] = run.id

    def remove(self, run: Indexed) -> None:
        values = self.paths.pop(run.id, ())
        path = (run.task_id, *values)
        if self.by_path.get(path) == run.id:
            del self.by_path[path]

    def task_ids(self) -> Iterator[str]:
        seen = set()
        for path in self.by_path:
            if path[0] not in seen:
                seen.add(path[0])
                yield path[0]
