"""Attempts whose worker vanished."""

from executions.executor.events import TaskLost
from plugins.contracts.state import State
from tests.support.engine import held, run_flow

FLOW = "tasks: [{id: a, type: Work}, {id: b, type: Work}]"
RETRIED = "tasks: [{id: a, type: Work, retry: {type: constant, interval: PT1S, maxAttempt: 2}}]"


def test_a_lost_attempt_is_marked_and_started_again_at_once():
    run = run_flow(FLOW, results={"a": [None, State.SUCCESS]})

    first, second = run.run_of("a").attempts
    assert (first.state, first.is_lost, first.worker_id) == (State.FAILED, True, "w")
    assert (second.state, second.is_lost) == (State.SUCCESS, False)
    assert run.state is State.SUCCESS
    assert run.logs[0][:2] == ("a", "WARN")


def test_a_new_attempt_has_a_new_token():
    run = held(FLOW)
    token = run.dispatched[run.run_of("a").id]

    run.lose("a")

    assert run.dispatched[run.run_of("a").id] != token


def test_it_does_not_count_for_max_attempt():
    run = run_flow(RETRIED, results={"a": [None, State.FAILED, None, State.SUCCESS]})

    states = [(str(item.state), item.is_lost) for item in run.run_of("a").attempts]
    assert states == [("FAILED", True), ("FAILED", False), ("FAILED", True), ("SUCCESS", False)]
    assert run.state is State.SUCCESS


def test_counted_attempts_end_the_retries_all_the_same():
    run = run_flow(RETRIED, results={"a": [None, State.FAILED, None, State.FAILED]})

    assert len(run.run_of("a").attempts) == 4
    assert run.state is State.FAILED


def test_it_is_not_started_again_while_the_execution_is_killed():
    run = held(FLOW).begin("a").kill().lose("a")

    assert run.states == [("a", "KILLED")]
    assert run.state is State.KILLED


def test_the_result_of_a_lost_attempt_comes_too_late():
    run = held(FLOW)
    task_run, token = run.token_of("a")
    run.lose("a")

    run.feed(run.ended(task_run, token, State.FAILED))

    assert run.open == ["a"]
    assert [item.is_lost for item in run.run_of("a").attempts] == [True]


def test_the_history_of_a_lost_attempt_begins_with_itself():
    run = held(RETRIED).begin("a").end("a", State.FAILED).wait_for_timer()

    run.lose("a")  # claimed, and gone before it could say that it runs

    states = [str(state) for state, _ in run.run_of("a").attempts[1].history]
    assert states == ["CREATED", "FAILED"]


ALLOWED = "tasks: [{id: a, type: Work, allowFailure: true}, {id: b, type: Work}]"


def lose_for_good(source):
    run = held(source).begin("a")
    task_run, token = run.token_of("a")
    del run.dispatched[task_run.id]
    return run.feed(TaskLost(task_run.id, token, "w", may_restart=False))


def test_where_nothing_is_started_again_the_task_run_fails_and_says_why():
    run = lose_for_good(FLOW)

    assert (run.states, run.state) == ([("a", "FAILED")], State.FAILED)
    assert "The worker w was lost" in run.run_of("a").message
    assert [(item.state, item.is_lost) for item in run.run_of("a").attempts] == [
        (State.FAILED, True)
    ]
    assert [line[:2] for line in run.logs] == [("a", "ERROR")]
    assert run.open == []


def test_where_nothing_is_started_again_no_retry_does_it():
    run = lose_for_good(RETRIED)

    assert run.state is State.FAILED
    assert run.timers == []


def test_where_nothing_is_started_again_a_failure_may_still_be_allowed():
    run = lose_for_good(ALLOWED).end("b")

    assert run.states[0] == ("a", "WARNING")
    assert run.state is State.WARNING
