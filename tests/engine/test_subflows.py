"""Executions of other flows."""

import pytest

from executions.executor.commands import AskKill, CreateExecution, StartSubflow
from executions.executor.events import ChildEnded
from plugins.contracts.state import State
from tests.support.engine import held, run_flow

FLOW = """
tasks:
  - id: call
    type: Subflow
    namespace: company.team
    flowId: "{{{{ 'ch' ~ 'ild' }}}}"
    inputs: {{n: "{{{{ 1 + 1 }}}}"}}
    {options}
  - {{id: after, type: Work}}
"""
PLAIN = FLOW.format(options="")
RETRIED = FLOW.format(options="retry: {type: constant, interval: PT1S, maxAttempt: 2}")


def test_a_subflow_is_asked_for_created_and_waited_for():
    run = held(PLAIN)

    child = run.accept_child("call")

    assert (child.flow_id, child.namespace) == ("child", "company.team")
    assert child.waiting_parent.task_run_id == run.run_of("call").id
    assert run.children == [child]
    assert run.run_of("call").state is State.RUNNING
    assert run.run_of("call").child_execution_id == child.id
    assert run.open == []
    assert run.child_ends("call", State.SUCCESS).open == ["after"]


def test_the_child_is_written_with_the_task_run_that_names_it():
    run = held(PLAIN)
    seen = len(run.commands)

    child = run.accept_child("call")

    assert CreateExecution(child) in run.commands[seen:]
    assert run.rows[run.run_of("call").id].child_execution_id == child.id


def test_its_outputs_are_the_childs_id_state_and_outputs():
    run = run_flow(PLAIN, subflows={"call": [(State.SUCCESS, {"total": 3})]})

    (child,) = run.children
    assert run.run_of("call").outputs.value == {
        "executionId": child.id,
        "state": "SUCCESS",
        "outputs": {"total": 3},
    }


@pytest.mark.parametrize(
    ("options", "child", "state"),
    [
        ("", State.FAILED, "FAILED"),
        ("", State.KILLED, "FAILED"),
        ("", State.CANCELLED, "FAILED"),
        ("", State.WARNING, "WARNING"),
        ("transmitFailed: false", State.FAILED, "SUCCESS"),
        ("allowFailure: true", State.FAILED, "WARNING"),
    ],
)
def test_the_state_of_the_child_is_passed_on(options, child, state):
    run = run_flow(FLOW.format(options=options), subflows={"call": [child]})

    assert run.states[0] == ("call", state)
    assert len(run.run_of("call").attempts) == 1


def test_without_wait_the_task_ends_at_once():
    run = run_flow(FLOW.format(options="wait: false"))

    (child,) = run.children
    assert child.waiting_parent is None
    assert run.states == [("call", "SUCCESS"), ("after", "SUCCESS")]
    assert run.run_of("call").outputs.value == {"executionId": child.id}


def test_a_flow_that_cannot_be_started_fails_the_task_with_the_reason():
    run = run_flow(PLAIN, subflows={"call": ["there is no such flow"]})

    assert run.states == [("call", "FAILED")]
    assert run.run_of("call").message == "there is no such flow"
    assert ("call", "ERROR", "there is no such flow") in run.logs
    assert len(run.run_of("call").attempts) == 1


def test_inputs_that_cannot_be_rendered_fail_the_task():
    run = run_flow(PLAIN.replace("1 + 1", "no.such.thing"))

    assert run.states == [("call", "FAILED")]
    assert run.children == []


def test_a_retry_starts_a_new_child():
    run = run_flow(RETRIED, subflows={"call": [State.FAILED, State.SUCCESS]})

    first, second = run.children
    assert first.id != second.id
    assert run.run_of("call").child_execution_id == second.id
    assert [str(item.state) for item in run.run_of("call").attempts] == ["FAILED", "SUCCESS"]
    assert run.state is State.SUCCESS


def test_a_refusal_is_tried_again_too():
    run = run_flow(RETRIED, subflows={"call": ["not now", State.SUCCESS]})

    assert run.state is State.SUCCESS
    assert len(run.children) == 1


def test_the_end_of_an_earlier_child_is_not_the_end_of_this_one():
    run = held(RETRIED)
    first = run.accept_child("call")
    run.child_ends("call", State.FAILED).wait_for_timer()
    run.accept_child("call")

    run.feed(ChildEnded(run.run_of("call").id, first.id, State.FAILED))

    assert run.run_of("call").state is State.RUNNING
    assert run.child_ends("call", State.SUCCESS).open == ["after"]


def test_a_new_owner_asks_again_for_a_child_that_was_not_created():
    run = held(PLAIN).restart_owner()

    assert len(run.given(StartSubflow)) == 2
    run.accept_child("call")
    assert run.child_ends("call", State.SUCCESS).open == ["after"]
    assert len(run.children) == 1


def test_a_new_owner_waits_for_the_child_that_is_there():
    run = held(PLAIN)
    run.accept_child("call")

    run.restart_owner()

    assert len(run.given(StartSubflow)) == 1
    assert run.child_ends("call", State.SUCCESS).open == ["after"]


def test_many_subflows_run_at_once():
    run = run_flow("""
tasks:
  - id: each
    type: ForEach
    values: "{{ range(1, 20) }}"
    concurrencyLimit: 0
    tasks:
      - {id: call, type: Subflow, namespace: a.b, flowId: child, inputs: {n: "{{ taskrun.value }}"}}
""")

    assert [child.inputs["n"] for child in run.children] == [str(n) for n in range(1, 21)]
    assert run.state is State.SUCCESS


def test_a_kill_cascades_and_waits_for_the_child():
    run = held(PLAIN)
    child = run.accept_child("call")

    run.kill()

    assert run.given(AskKill) == [AskKill(child.id)]
    assert run.state is State.KILLING
    assert run.child_ends("call", State.KILLED).state is State.KILLED
    assert run.states == [("call", "KILLED")]


def test_a_kill_that_does_not_cascade_leaves_the_child():
    run = held(PLAIN)
    run.accept_child("call")

    run.kill(cascade=False)

    assert run.given(AskKill) == []
    assert run.state is State.KILLED


def test_a_child_that_is_answered_after_the_kill_is_never_created():
    run = held(PLAIN)
    run.kill()

    run.accept_child("call")

    assert run.children == []
    assert run.state is State.KILLED


def test_a_new_owner_passes_the_kill_on_again():
    run = held(PLAIN)
    run.accept_child("call")

    run.kill().restart_owner()

    assert len(run.given(AskKill)) == 2
    assert run.child_ends("call", State.KILLED).state is State.KILLED
