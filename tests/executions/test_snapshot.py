"""An execution at rest, told instead of read."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from common.json import dump_bytes, loads
from executions.executor.model import Attempt, Head, Outputs, ParentRef, TaskRun
from executions.live.snapshot import MAX_BYTES, MAX_TASK_RUNS, from_map, snapshot_of, to_map
from plugins.contracts.state import State

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 123456, UTC)
HISTORY = ((State.CREATED, MOMENT), (State.SUCCESS, MOMENT))
HEAD = Head(
    id="e", tenant="main", namespace="a.b", flow_id="f", flow_revision=3, state=State.SUCCESS,
    history=HISTORY, original_id="e", created_at=MOMENT, labels=(("k", "v"), ("k2", "w")),
    inputs={"a": [1, {"b": None}]}, variables={"v": 1}, trigger={"id": "t"}, outputs={"o": "x"},
    parent_id="p", waiting_parent=ParentRef("p", "r"), schedule_date=MOMENT, attempt_number=2,
    kind="TEST", message="said",
)  # fmt: skip
RUN = TaskRun(
    id="r", seq=1, task_id="a", state=State.FAILED, history=HISTORY, parent_id="q", value="v",
    iteration=4, outputs=Outputs({"x": 1}, None, 7),
    attempts=(Attempt(0, State.FAILED, HISTORY, "w", is_lost=True),), token="t",
    available_at=MOMENT, worker_group="g", plan={"n": 1}, child_execution_id="c", message="no",
)  # fmt: skip
BARE = TaskRun("s", 0, "b", State.SUCCESS, HISTORY)


def test_what_is_told_is_what_was_known() -> None:
    snapshot = snapshot_of(HEAD, {"r": RUN, "s": BARE})

    assert snapshot is not None
    assert from_map(loads(dump_bytes(to_map(snapshot)))) == snapshot
    assert [run.id for run in snapshot.task_runs] == ["s", "r"]


@pytest.mark.parametrize("value", [HEAD, RUN, RUN.attempts[0]])
def test_the_samples_leave_no_field_at_its_default(value: object) -> None:
    """So that a new field is told, too."""
    every = fields(value)  # type: ignore[arg-type]  # one of three dataclasses
    unset = [each.name for each in every if getattr(value, each.name) == each.default]
    assert unset == []


@pytest.mark.parametrize(
    "outputs",
    [
        Outputs(None, None, 10),
        Outputs(None, "kestra:///x", 10),
        Outputs({"a": "b"}, None, MAX_BYTES + 1),
    ],
)  # fmt: skip
def test_what_is_too_large_or_elsewhere_is_left_to_the_database(outputs: Outputs) -> None:
    assert snapshot_of(HEAD, {"r": replace(RUN, outputs=outputs)}) is None


def test_many_task_runs_are_left_to_the_database() -> None:
    runs = {str(number): replace(BARE, id=str(number)) for number in range(MAX_TASK_RUNS + 1)}

    assert snapshot_of(HEAD, runs) is None
