"""How an execution begins and ends: its date, its outputs, what its parent hears."""

from datetime import timedelta

import pytest

from executions.executor.commands import Render, SetTimer, TellParent
from executions.executor.events import Created, LabelsSet
from executions.executor.model import ParentRef
from plugins.contracts.state import State
from tests.support.engine import START, MemoryRun, held, run_flow

OUTPUTS = """
tasks: [{{id: a, type: Work}}]
outputs:
  - {{id: total, type: STRING, value: "{template}"}}
"""
GOOD = OUTPUTS.format(template="{{ outputs.a.n }}!")
PARENT = ParentRef("parent-execution", "parent-run")
ONE = "tasks: [{id: a, type: Work}]"


def test_the_outputs_of_the_flow_are_rendered_at_the_end():
    run = run_flow(GOOD, results={"a": [(State.SUCCESS, {"n": 3})]})

    assert run.live.head.outputs == {"total": "3!"}
    assert run.state is State.SUCCESS


def test_outputs_that_cannot_be_rendered_fail_the_execution():
    run = run_flow(OUTPUTS.format(template="{{ outputs.nothing.n }}"))

    assert run.states == [("a", "SUCCESS")]
    assert run.state is State.FAILED
    assert run.live.head.outputs is None
    assert run.live.head.message
    assert any(level == "ERROR" for _, level, _ in run.logs)


def test_a_warning_stays_one_with_outputs():
    run = run_flow(GOOD, results={"a": [(State.WARNING, {"n": 1})]})

    assert run.state is State.WARNING
    assert run.live.head.outputs == {"total": "1!"}


def test_outputs_are_rendered_after_finally():
    run = run_flow(
        OUTPUTS.format(template="{{ outputs.f.n }}") + "finally: [{id: f, type: Work}]",
        results={"f": [(State.SUCCESS, {"n": 7})]},
    )

    assert run.live.head.outputs == {"total": "7"}


def test_a_new_owner_renders_the_outputs_that_are_missing():
    steps = run_flow(GOOD, results={"a": [(State.SUCCESS, {"n": 3})]}).steps
    run = MemoryRun(GOOD, results={"a": [(State.SUCCESS, {"n": 3})]}, restarts={steps - 1}).start()

    assert len(run.given(Render)) == 2
    assert run.live.head.outputs == {"total": "3!"}
    assert run.history == ["CREATED", "RUNNING", "SUCCESS"]


@pytest.mark.parametrize("state", [State.SUCCESS, State.WARNING, State.FAILED, State.KILLED])
def test_the_parent_hears_of_the_end(state):
    run = run_flow(ONE, results={"a": [state]}, waiting_parent=PARENT)

    assert run.given(TellParent) == [
        TellParent("parent-execution", "parent-run", run.live.id, state, None)
    ]


def test_the_parent_gets_the_outputs():
    run = run_flow(GOOD, results={"a": [(State.SUCCESS, {"n": 3})]}, waiting_parent=PARENT)

    assert run.given(TellParent)[0].outputs == {"total": "3!"}


def test_the_parent_hears_of_a_kill():
    run = held(ONE, waiting_parent=PARENT).kill().end("a", State.KILLED)

    assert [item.state for item in run.given(TellParent)] == [State.KILLED]


def test_an_execution_without_a_parent_tells_nobody():
    assert run_flow(ONE).given(TellParent) == []


def test_an_execution_waits_for_its_date():
    date = START + timedelta(hours=1)
    run = held(ONE, schedule_date=date)

    assert run.history == ["CREATED"]
    assert run.states == []
    assert [timer.due for timer in run.timers] == [date]
    assert run.wait_for_timer().open == ["a"]
    assert run.live.head.history[1][1] >= date


def test_a_date_that_has_passed_is_now():
    run = held(ONE, schedule_date=START - timedelta(hours=1))

    assert run.open == ["a"]
    assert run.timers == []


def test_a_waiting_execution_can_be_killed():
    run = held(ONE, schedule_date=START + timedelta(hours=1)).kill()

    assert run.history == ["CREATED", "KILLING", "KILLED"]
    assert run.wait_for_timer().states == []


def test_a_new_owner_waits_for_the_date_with_one_timer():
    run = held(ONE, schedule_date=START + timedelta(hours=1)).restart_owner().restart_owner()

    run.wait_for_timer()
    while run.timers:
        run.wait_for_timer()

    assert run.open == ["a"]
    assert run.history == ["CREATED", "RUNNING"]


def test_a_repeated_start_sets_no_second_timer():
    run = held(ONE, schedule_date=START + timedelta(hours=1))

    run.feed(Created())

    assert len(run.given(SetTimer)) == 1


def test_labels_may_change_while_it_runs():
    run = held(ONE).feed(LabelsSet((("team", "x"),)))

    assert run.live.head.labels == (("team", "x"),)
    assert run.end("a").head_row.labels == (("team", "x"),)


def test_labels_of_what_has_ended_may_change_too():
    run = run_flow(ONE).feed(LabelsSet((("team", "x"),)))

    assert run.head_row.labels == (("team", "x"),)
    assert run.state is State.SUCCESS
