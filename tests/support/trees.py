"""Random flows: trees of every structure, as hypothesis draws them."""

from collections.abc import Callable
from typing import Any
from zlib import crc32

import yaml
from hypothesis import strategies as st

from executions.executor.model import TaskRun
from plugins.contracts.state import State
from tests.support.engine_memory import Result

OUTCOMES: tuple[Result, ...] = (
    State.SUCCESS,
    State.SUCCESS,
    State.SUCCESS,
    State.WARNING,
    State.FAILED,
)
CONDITIONS = ["{{ true }}", "{{ false }}", "{{ 1 == 1 }}"]


class _Drawing:
    """Gives each task an id of its own."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        self.draw = draw
        self._count = 0

    def chance(self, one_in: int) -> bool:
        return bool(self.draw(st.integers(0, one_in - 1)) == one_in - 1)

    def new_id(self, kind: str) -> str:
        self._count += 1
        return f"{kind[0].lower()}{self._count}"

    def tasks(self, depth: int, most: int = 3) -> list[dict[str, Any]]:
        count = self.draw(st.integers(1, most))
        return [self.task(depth) for _ in range(count)]

    def task(self, depth: int) -> dict[str, Any]:
        kinds = ["Work", "Work", "Return", "Subflow"]
        if depth > 0:
            kinds += list(_MAKERS)
        kind = self.draw(st.sampled_from(kinds))
        found: dict[str, Any] = {"id": self.new_id(kind), "type": kind}
        if kind == "Return":
            found["format"] = "{{ task.id }}"
        elif kind == "Subflow":
            found |= {"namespace": "a.b", "flowId": "child", "wait": not self.chance(4)}
        elif kind in _MAKERS:
            found |= _MAKERS[kind](self, depth - 1)
            found |= self.sides(depth - 1)
        return found | self.options()

    def options(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.chance(8):
            found["disabled"] = True
        if self.chance(6):
            found["runIf"] = self.draw(st.sampled_from([*CONDITIONS, "{{ no.such.thing }}"]))
        if self.chance(6):
            found["allowFailure"] = True
        if self.chance(8):
            found["allowWarning"] = True
        if self.chance(6):
            found["retry"] = {
                "type": "constant",
                "interval": "PT1S",
                "maxAttempt": self.draw(st.integers(1, 3)),
                "warningOnRetry": self.chance(2),
            }
        return found

    def sides(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self.chance(4):
            found["errors"] = self.tasks(min(depth, 1), 2)
        if self.chance(5):
            found["finally"] = self.tasks(min(depth, 1), 2)
        return found


def _values(drawing: _Drawing) -> Any:
    values = [str(n) for n in range(drawing.draw(st.integers(0, 3)))]
    return "{{ " + repr(values) + " }}" if drawing.chance(2) else values


def _steps(drawing: _Drawing, depth: int) -> dict[str, Any]:
    return {"tasks": drawing.tasks(depth)}


def _parallel(drawing: _Drawing, depth: int) -> dict[str, Any]:
    return {"tasks": drawing.tasks(depth), "concurrent": drawing.draw(st.integers(0, 2))}


def _if(drawing: _Drawing, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "condition": drawing.draw(st.sampled_from(CONDITIONS)),
        "then": drawing.tasks(depth, 2),
    }
    if drawing.chance(2):
        found["else"] = drawing.tasks(depth, 2)
    return found


def _switch(drawing: _Drawing, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "value": drawing.draw(st.sampled_from(["one", "{{ 'two' }}", "three"])),
        "cases": {"one": drawing.tasks(depth, 2), "two": drawing.tasks(depth, 2)},
    }
    if drawing.chance(2):
        found["defaults"] = drawing.tasks(depth, 2)
    return found


def _for_each(drawing: _Drawing, depth: int) -> dict[str, Any]:
    return {
        "values": _values(drawing),
        "concurrencyLimit": drawing.draw(st.integers(0, 2)),
        "tasks": drawing.tasks(depth, 2),
    }


def _each(drawing: _Drawing, depth: int) -> dict[str, Any]:
    return {"value": _values(drawing), "tasks": drawing.tasks(depth, 2)}


def _each_parallel(drawing: _Drawing, depth: int) -> dict[str, Any]:
    return _each(drawing, depth) | {"concurrent": drawing.draw(st.integers(0, 2))}


def _dag(drawing: _Drawing, depth: int) -> dict[str, Any]:
    items: list[dict[str, Any]] = []
    for task in drawing.tasks(depth, 4):
        before = [item["task"]["id"] for item in items]
        needs = [name for name in before if drawing.chance(2)]
        items.append({"task": task, "dependsOn": needs})
    items.reverse()
    return {"tasks": items, "concurrent": drawing.draw(st.integers(0, 2))}


_MAKERS: dict[str, Callable[[_Drawing, int], dict[str, Any]]] = {
    "Sequential": _steps,
    "AllowFailure": _steps,
    "Parallel": _parallel,
    "If": _if,
    "Switch": _switch,
    "ForEach": _for_each,
    "EachParallel": _each_parallel,
    "EachSequential": _each,
    "Dag": _dag,
}


@st.composite
def flows(draw: Any) -> str:
    """The source of a flow, without its header."""
    drawing = _Drawing(draw)
    found = {"tasks": drawing.tasks(draw(st.integers(1, 3)), 4), **drawing.sides(1)}
    if drawing.chance(4):
        found["outputs"] = [{"id": "o", "type": "STRING", "value": "{{ flow.id }}"}]
    return str(yaml.safe_dump(found, sort_keys=False))


@st.composite
def outcomes(draw: Any) -> Callable[[TaskRun], Result]:
    """How each attempt ends: the same for the same attempt in every run. A few are lost."""
    drawn = draw(st.lists(st.sampled_from([*OUTCOMES, None]), min_size=1, max_size=7))

    def result_of(run: TaskRun) -> Result:
        key = f"{run.task_id}/{run.value}/{run.iteration}/{len(run.attempts)}"
        found = drawn[crc32(key.encode()) % len(drawn)]
        # a worker that is lost each time would never let it end
        return State.SUCCESS if found is None and len(run.attempts) > 2 else found

    return result_of
