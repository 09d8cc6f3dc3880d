"""What a failure leads to: `errors`, `finally`, `allowFailure`, `allowWarning`, AllowFailure."""

import pytest

from plugins.contracts.state import State
from tests.support.engine import held, run_flow

FAIL = {"a": [State.FAILED]}

GLOBAL = """
tasks:
  - {id: a, type: Work}
  - {id: b, type: Work}
errors:
  - {id: e1, type: Work}
  - {id: e2, type: Work}
finally:
  - {id: f1, type: Work}
  - {id: f2, type: Work}
"""

LOCAL = """
tasks:
  - id: steps
    type: Sequential
    tasks:
      - {id: a, type: Work}
      - {id: b, type: Work}
    errors: [{id: local, type: Work}]
    finally: [{id: close, type: Work}]
  - {id: c, type: Work}
errors: [{id: global, type: Work}]
"""


def test_the_errors_of_the_flow_run_once_at_the_root():
    run = run_flow(GLOBAL, results=FAIL)

    assert run.story == "+a -a +e1 -e1 +e2 -e2 +f1 -f1 +f2 -f2"
    assert run.run_of("e1").parent_id is None
    assert run.state is State.FAILED


def test_finally_runs_after_a_success_too():
    run = run_flow(GLOBAL)

    assert run.story == "+a -a +b -b +f1 -f1 +f2 -f2"
    assert run.state is State.SUCCESS


def test_finally_keeps_a_warning():
    run = run_flow(GLOBAL, results={"b": [State.WARNING]})

    assert run.story == "+a -a +b -b +f1 -f1 +f2 -f2"
    assert run.state is State.WARNING


@pytest.mark.parametrize("outcome", [State.SUCCESS, State.WARNING, State.FAILED])
def test_what_errors_end_in_changes_nothing(outcome):
    run = run_flow(GLOBAL, results={**FAIL, "e2": [outcome]})

    assert run.state is State.FAILED
    assert run.run_of("f2").state is State.SUCCESS


def test_a_failure_in_errors_stops_them_and_finally_still_runs():
    run = run_flow(GLOBAL, results={**FAIL, "e1": [State.FAILED]})

    assert run.story == "+a -a +e1 -e1 +f1 -f1 +f2 -f2"


def test_a_failure_in_finally_fails_the_flow():
    run = run_flow(GLOBAL, results={"f1": [State.FAILED]})

    assert run.story == "+a -a +b -b +f1 -f1"
    assert run.state is State.FAILED


def test_local_errors_come_before_the_flows():
    run = run_flow(LOCAL, results=FAIL)

    assert run.story == "+steps +a -a +local -local +close -close -steps +global -global"
    assert run.run_of("local").parent_id == run.run_of("steps").id
    assert run.run_of("steps").state is State.FAILED


def test_local_finally_runs_after_a_success():
    run = run_flow(LOCAL)

    assert run.story == "+steps +a -a +b -b +close -close -steps +c -c"


def test_errors_that_are_all_disabled_are_none():
    run = run_flow(
        "tasks: [{id: a, type: Work}]\nerrors: [{id: e, type: Work, disabled: true}]", results=FAIL
    )

    assert run.states == [("a", "FAILED")]


def test_errors_of_errors_run_in_their_flowable():
    run = run_flow(
        """
tasks: [{id: a, type: Work}]
errors:
  - id: repair
    type: Sequential
    tasks: [{id: r, type: Work}]
    errors: [{id: last_hope, type: Work}]
""",
        results={**FAIL, "r": [State.FAILED]},
    )

    assert run.story == "+a -a +repair +r -r +last_hope -last_hope -repair"
    assert run.state is State.FAILED


def test_allow_failure_makes_a_warning_of_a_failure():
    run = run_flow(
        "tasks: [{id: a, type: Work, allowFailure: true}, {id: b, type: Work}]", results=FAIL
    )

    assert run.states == [("a", "WARNING"), ("b", "SUCCESS")]
    assert str(run.run_of("a").attempts[0].state) == "FAILED"
    assert run.state is State.WARNING


def test_allow_warning_makes_a_success_of_it_then():
    run = run_flow(
        "tasks: [{id: a, type: Work, allowFailure: true, allowWarning: true}]", results=FAIL
    )

    assert run.states == [("a", "SUCCESS")]
    assert run.state is State.SUCCESS


def test_allow_warning_alone_leaves_a_failure():
    run = run_flow("tasks: [{id: a, type: Work, allowWarning: true}]", results=FAIL)

    assert run.states == [("a", "FAILED")]


def test_allow_failure_of_a_flowable_leaves_its_child_failed():
    run = run_flow(
        """
tasks:
  - id: steps
    type: Sequential
    allowFailure: true
    tasks: [{id: a, type: Work}]
  - {id: b, type: Work}
""",
        results=FAIL,
    )

    assert run.states == [("steps", "WARNING"), ("a", "FAILED"), ("b", "SUCCESS")]
    assert run.state is State.WARNING


def test_the_allow_failure_task_runs_its_errors_then_warns():
    run = run_flow(
        """
tasks:
  - id: try
    type: AllowFailure
    tasks: [{id: a, type: Work}, {id: never, type: Work}]
    errors: [{id: e, type: Work}]
  - {id: b, type: Work}
""",
        results=FAIL,
    )

    assert run.story == "+try +a -a +e -e -try +b -b"
    assert run.run_of("try").state is State.WARNING
    assert run.state is State.WARNING


def test_siblings_of_an_allowed_failure_go_on_beside_what_follows():
    run = held("""
tasks:
  - id: together
    type: Parallel
    allowFailure: true
    tasks: [{id: a, type: Work}, {id: b, type: Work}]
  - {id: c, type: Work}
""").end("a", State.FAILED)

    assert run.open == ["b", "c"]
    assert run.end("c").state is State.RUNNING
    assert run.end("b", State.FAILED).state is State.WARNING


def test_the_errors_of_the_flow_see_what_has_failed():
    run = run_flow(
        """
tasks: [{id: a, type: Work}]
errors: [{id: e, type: Return, format: "{{ tasks.a.state }}"}]
""",
        results=FAIL,
    )

    assert run.run_of("e").outputs.value == {"value": "FAILED"}
