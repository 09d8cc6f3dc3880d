"""The variables that expressions see: `flow`, `execution`, `taskrun`, `outputs`, … Lazy: what a
template does not name is not looked up. The executor and the worker build it from the same
values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from executions.executor.model import Head, Outputs, TaskRun
from executions.executor.paths import Path, TaskRunIndex


class Rows:
    """Task runs by place: those at hand first, all of them once something is missing there."""

    def __init__(
        self, near: Callable[[], Iterable[TaskRun]], whole: Callable[[], Iterable[TaskRun]]
    ) -> None:
        self._near = near
        self._whole = whole
        self._is_whole = False
        self._found: tuple[Mapping[str, TaskRun], TaskRunIndex] | None = None

    @classmethod
    def of(cls, runs: Mapping[str, TaskRun], index: TaskRunIndex) -> Rows:
        """All task runs, indexed already."""
        rows = cls(runs.values, runs.values)
        rows._found = (runs, index)
        rows._is_whole = True
        return rows

    @property
    def runs(self) -> Mapping[str, TaskRun]:
        return self._indexed()[0]

    @property
    def index(self) -> TaskRunIndex:
        return self._indexed()[1]

    def complete(self) -> bool:
        """Reads the rest. False when there is none."""
        if self._is_whole:
            return False
        self._is_whole = True
        self._found = None
        return True

    def _indexed(self) -> tuple[Mapping[str, TaskRun], TaskRunIndex]:
        # no cached_property: until Python 3.12 its lock is shared by all instances
        if self._found is None:
            found = self._whole() if self._is_whole else self._near()
            index = TaskRunIndex()
            runs: dict[str, TaskRun] = {}
            for run in sorted(found, key=lambda item: item.seq):
                runs[run.id] = run
                index.add(run)
            self._found = (runs, index)
        return self._found


class _ByTask(Mapping[str, Any]):
    """One level of `outputs` or `tasks`."""

    __slots__ = ("_prefix", "_rows", "_view")

    def __init__(self, rows: Rows, prefix: Path, view: Callable[[str], Any]) -> None:
        self._rows = rows
        self._prefix = prefix
        self._view = view

    def __getitem__(self, key: str) -> Any:
        found = self._find((*self._prefix, key))
        if found is None and self._rows.complete():
            found = self._find((*self._prefix, key))
        if found is None:
            raise KeyError(key)
        return found

    def _find(self, path: Path) -> Any:
        index = self._rows.index
        run_id = index.by_path.get(path)
        value = self._view(run_id) if run_id is not None else None
        if value is None and path in index.values_below:
            return _ByTask(self._rows, path, self._view)
        return value

    def __iter__(self) -> Iterator[str]:
        self._rows.complete()
        index = self._rows.index
        keys = index.values_below.get(self._prefix, ()) if self._prefix else index.task_ids()
        return (key for key in keys if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: object) -> bool:
        try:
            self[key]  # type: ignore[index]  # a key of another type is simply not there
        except KeyError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What does not belong to the execution: the server's maps, the namespace's variables, the
    flow's, and how outputs that are not in memory are read."""

    flow_variables: Mapping[str, Any] | None = None
    namespace_variables: Callable[[], Mapping[str, Any] | None] = lambda: None
    envs: Mapping[str, str] = field(default_factory=dict)
    globals_: Mapping[str, Any] = field(default_factory=dict)
    # Decrypts what is confidential in the inputs.
    reveal: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda inputs: inputs
    fetch_outputs: Callable[[TaskRun], Mapping[str, Any] | None] = lambda run: None


class Scope(Mapping[str, Any]):
    """The variables of one task run (or, without one, of the execution). `rows` is
    asked when `outputs`, `tasks` or `parents` is."""

    def __init__(
        self,
        *,
        head: Head,
        rows: Rows,
        surroundings: Surroundings,
        run: TaskRun | None = None,
        task_type: str = "",
    ) -> None:
        self._head = head
        self._rows = rows
        self._around = surroundings
        self._run = run
        self._task_type = task_type
        self._values: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self._values:
            value = self._values[key]
        else:
            make = _MAKERS.get(key)
            value = make(self) if make is not None else None
            self._values[key] = value  # also that it is absent
        if value is None:
            raise KeyError(key)
        return value

    def __iter__(self) -> Iterator[str]:
        return (key for key in _MAKERS if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, key: object) -> bool:
        try:
            self[str(key)]
        except KeyError:
            return False
        return True

    # ---- makers: None means that the variable is absent -----------------------------------------
    def _flow(self) -> Mapping[str, Any]:
        head = self._head
        return {
            "id": head.flow_id,
            "namespace": head.namespace,
            "revision": head.flow_revision,
            "tenantId": head.tenant,
        }

    def _execution(self) -> Mapping[str, Any]:
        head = self._head
        return {
            "id": head.id,
            "startDate": instant_text(head.history[0][1]),
            "originalId": head.original_id,
        }

    def _task(self) -> Mapping[str, Any] | None:
        if self._run is None:
            return None
        return {"id": self._run.task_id, "type": self._task_type}

    def _taskrun(self) -> Mapping[str, Any] | None:
        run = self._run
        if run is None:
            return None
        found: dict[str, Any] = {
            "id": run.id,
            "startDate": instant_text(run.history[0][1]),
            "attemptsCount": len(run.attempts),
        }
        if run.parent_id is not None:
            found["parentId"] = run.parent_id
        if run.value is not None:
            found["value"] = run.value
        if run.iteration is not None:
            found["iteration"] = run.iteration
        return found

    def _parents(self) -> Sequence[Mapping[str, Any]] | None:
        if self._run is None:
            return None
        found: list[Mapping[str, Any]] = []
        parent_id = self._run.parent_id
        while parent_id is not None:
            parent = self._rows.runs[parent_id]
            entry: dict[str, Any] = {}
            if parent.value is not None:
                entry["taskrun"] = {"value": parent.value}
            outputs = self._outputs_of(parent.id)
            if outputs:
                entry["outputs"] = outputs
            if entry:
                found.append(entry)
            parent_id = parent.parent_id
        return found

    def _parent(self) -> Mapping[str, Any] | None:
        parents = self._parents()
        return parents[0] if parents else None

    def _inputs(self) -> Mapping[str, Any] | None:
        inputs = self._head.inputs
        return self._around.reveal(inputs) if inputs else None

    def _outputs(self) -> Mapping[str, Any]:
        return _ByTask(self._rows, (), self._outputs_of)

    def _outputs_of(self, run_id: str) -> Mapping[str, Any] | None:
        run = self._rows.runs[run_id]
        outputs: Outputs | None = run.outputs
        if outputs is None:
            return None
        if outputs.value is not None:
            return outputs.value
        return self._around.fetch_outputs(run)

    def _tasks(self) -> Mapping[str, Any]:
        return _ByTask(self._rows, (), lambda run_id: {"state": str(self._rows.runs[run_id].state)})

    def _vars(self) -> Mapping[str, Any] | None:
        return self._around.flow_variables or None

    def _trigger(self) -> Mapping[str, Any] | None:
        trigger = self._head.trigger
        return dict(trigger.get("variables") or {}) if trigger else None

    def _labels(self) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        for key, value in self._head.labels:
            if key.startswith("system."):
                found.setdefault("system", {}).setdefault(key.removeprefix("system."), value)
            else:
                found.setdefault(key, value)
        return found

    def _envs(self) -> Mapping[str, str]:
        return self._around.envs

    def _globals(self) -> Mapping[str, Any]:
        return self._around.globals_

    def _namespace(self) -> Mapping[str, Any] | None:
        return self._around.namespace_variables() or None


_MAKERS: dict[str, Callable[[Scope], Any]] = {
    "flow": Scope._flow,
    "execution": Scope._execution,
    "task": Scope._task,
    "taskrun": Scope._taskrun,
    "parents": Scope._parents,
    "parent": Scope._parent,
    "inputs": Scope._inputs,
    "outputs": Scope._outputs,
    "tasks": Scope._tasks,
    "vars": Scope._vars,
    "trigger": Scope._trigger,
    "labels": Scope._labels,
    "envs": Scope._envs,
    "globals": Scope._globals,
    "namespace": Scope._namespace,
}


def instant_text(moment: datetime) -> str:
    """ISO form in UTC with only the digits it needs: none, three or six after the second."""
    moment = moment.astimezone(UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond == 0:
        return text + "Z"
    if moment.microsecond % 1000 == 0:
        return f"{text}.{moment.microsecond // 1000:03d}Z"
    return f"{text}.{moment.microsecond:06d}Z"
