"""Retries: who decides, how often, how long between."""

from datetime import timedelta

import pytest

from executions.executor.commands import SetTimer
from plugins.contracts.state import State
from tests.support.engine import START, MemoryRun, held, run_flow

ALWAYS = {"a": [State.FAILED]}
TWICE = {"a": [State.FAILED, State.FAILED, State.SUCCESS]}


def flow(retry, options=""):
    return f"tasks: [{{id: a, type: Work, retry: {{{retry}}}{options}}}]"


def delays(run: MemoryRun) -> list[float]:
    """From the end of each failed attempt to the next try, in seconds."""
    ends = [attempt.history[-1][1] for attempt in run.run_of("a").attempts]
    dues = [timer.due for timer in run.given(SetTimer)]
    return [round((due - end).total_seconds(), 1) for due, end in zip(dues, ends, strict=False)]


def test_a_retry_is_another_attempt_of_the_same_task_run():
    run = run_flow(flow("type: constant, interval: PT5S, maxAttempt: 3"), results=TWICE)

    assert run.states == [("a", "SUCCESS")]
    assert [str(attempt.state) for attempt in run.run_of("a").attempts] == [
        "FAILED",
        "FAILED",
        "SUCCESS",
    ]
    assert [attempt.number for attempt in run.run_of("a").attempts] == [0, 1, 2]
    assert delays(run) == [5.0, 5.0]


def test_it_goes_back_to_created_and_the_execution_passes_through_retrying():
    run = run_flow(
        flow("type: constant, interval: PT5S, maxAttempt: 2"), results={"a": [State.FAILED]}
    )

    assert run.history == ["CREATED", "RUNNING", "RETRYING", "RUNNING", "FAILED"]
    assert run.history_of("a") == [
        "CREATED",
        "RUNNING",
        "RETRYING",
        "CREATED",
        "RUNNING",
        "FAILED",
    ]


def test_max_attempt_counts_the_first_try_too():
    run = run_flow(flow("type: constant, interval: PT1S, maxAttempt: 4"), results=ALWAYS)

    assert len(run.run_of("a").attempts) == 4
    assert run.state is State.FAILED


def test_max_attempt_1_never_tries_again():
    run = run_flow(flow("type: constant, interval: PT1S, maxAttempt: 1"), results=ALWAYS)

    assert len(run.run_of("a").attempts) == 1
    assert "RETRYING" not in run.history


def test_an_exponential_retry_is_immediate_first_then_grows():
    run = run_flow(
        flow("type: exponential, interval: PT2S, delayFactor: 3, maxAttempt: 5, maxInterval: PT1H"),
        results=ALWAYS,
    )

    assert delays(run) == [0.0, 6.0, 12.0, 18.0]


def test_an_exponential_retry_is_capped():
    run = run_flow(
        flow("type: exponential, interval: PT2S, maxInterval: PT5S, maxAttempt: 5"),
        results=ALWAYS,
    )

    assert delays(run) == [0.0, 4.0, 5.0, 5.0]


@pytest.mark.parametrize(("chance", "delay"), [(0.0, 2.0), (0.5, 6.0), (1.0, 10.0)])
def test_a_random_retry_stays_within_its_bounds(chance, delay):
    run = run_flow(
        flow("type: random, minInterval: PT2S, maxInterval: PT10S, maxAttempt: 2"),
        results=ALWAYS,
        chance=chance,
    )

    assert delays(run) == [delay]


def test_an_interval_of_2_seconds_within_6_gives_3_attempts():
    run = run_flow(flow("type: constant, interval: PT2S, maxDuration: PT6S"), results=ALWAYS)

    assert len(run.run_of("a").attempts) == 3


def test_max_duration_counts_from_the_first_attempts_start():
    run = held(flow("type: constant, interval: PT2S, maxDuration: PT6S"))
    run.begin("a")
    run.now = START + timedelta(seconds=5)

    run.end("a", State.FAILED)

    # it started with the claim, not with the result
    assert run.run_of("a").state is State.RETRYING
    assert run.run_of("a").attempts[0].history[1][1] == run.now - timedelta(milliseconds=1)


def test_a_success_that_needed_retries_warns_when_asked_to():
    options = "type: constant, interval: PT1S, maxAttempt: 3, warningOnRetry: true"

    assert run_flow(flow(options), results=TWICE).state is State.WARNING
    assert run_flow(flow(options)).state is State.SUCCESS


def test_allow_failure_softens_only_the_last_attempt():
    run = run_flow(
        flow("type: constant, interval: PT1S, maxAttempt: 2", ", allowFailure: true"),
        results=ALWAYS,
    )

    assert run.states == [("a", "WARNING")]
    assert len(run.run_of("a").attempts) == 2


NEAREST = """
retry: {{type: constant, interval: PT1S, maxAttempt: 5}}
tasks:
  - id: outer
    type: Sequential
    {outer}
    tasks:
      - id: inner
        type: Parallel
        tasks:
          - {{id: a, type: Work{own}}}
"""


@pytest.mark.parametrize(
    ("own", "outer", "attempts"),
    [
        (", retry: {type: constant, interval: PT1S, maxAttempt: 2}", "", 2),
        ("", "retry: {type: constant, interval: PT1S, maxAttempt: 3}", 3),
        ("", "", 5),
    ],
)
def test_the_nearest_retry_decides_and_the_leaf_is_tried_again(own, outer, attempts):
    run = run_flow(NEAREST.format(own=own, outer=outer), results=ALWAYS)

    assert len(run.run_of("a").attempts) == attempts
    assert run.states == [("outer", "FAILED"), ("inner", "FAILED"), ("a", "FAILED")]


def test_errors_run_once_after_the_retries_are_used_up():
    run = run_flow(
        flow("type: constant, interval: PT1S, maxAttempt: 3") + "\nerrors: [{id: e, type: Work}]",
        results=ALWAYS,
    )

    assert run.states == [("a", "FAILED"), ("e", "SUCCESS")]
    assert len(run.run_of("a").attempts) == 3


def test_the_outputs_of_the_last_attempt_stay():
    run = run_flow(
        flow("type: constant, interval: PT1S, maxAttempt: 2"),
        results={"a": [(State.FAILED, {"n": 1}), (State.SUCCESS, {"n": 2})]},
    )

    assert run.run_of("a").outputs.value == {"n": 2}


def test_the_execution_is_retrying_until_the_last_waiting_task_runs_again():
    run = held("""
tasks:
  - id: together
    type: Parallel
    tasks:
      - {id: a, type: Work, retry: {type: constant, interval: PT1S, maxAttempt: 2}}
      - {id: b, type: Work, retry: {type: constant, interval: PT9S, maxAttempt: 2}}
""")
    run.end("a", State.FAILED).end("b", State.FAILED)

    assert run.wait_for_timer().state is State.RETRYING
    assert run.wait_for_timer().state is State.RUNNING
    assert run.end("a").end("b").state is State.SUCCESS


def test_siblings_run_on_while_one_waits_for_its_retry():
    run = held("""
tasks:
  - id: together
    type: Parallel
    tasks:
      - {id: a, type: Work, retry: {type: constant, interval: PT1S, maxAttempt: 2}}
      - {id: b, type: Work}
  - {id: c, type: Work}
""")

    run.end("a", State.FAILED).end("b")

    assert run.open == []
    assert run.run_of("together").state is State.RUNNING
    assert run.wait_for_timer().open == ["a"]
    assert run.end("a").open == ["c"]


def test_a_wait_for_a_retry_outlives_the_owner():
    run = held(flow("type: constant, interval: PT5S, maxAttempt: 2")).end("a", State.FAILED)

    run.restart_owner()

    assert run.state is State.RETRYING
    assert len(run.timers) == 1
    assert run.wait_for_timer().end("a").state is State.SUCCESS
    assert run.history == ["CREATED", "RUNNING", "RETRYING", "RUNNING", "SUCCESS"]


def test_each_value_of_a_loop_has_its_own_retries():
    run = run_flow(
        """
tasks:
  - id: each
    type: ForEach
    values: [1, 2]
    retry: {type: constant, interval: PT1S, maxAttempt: 2}
    tasks: [{id: a, type: Work}]
""",
        results={"a": [State.FAILED, State.SUCCESS]},
    )

    assert [len(run.run_of("a", n).attempts) for n in (0, 1)] == [2, 2]
    assert run.state is State.SUCCESS


def test_a_task_that_was_killed_on_its_worker_is_not_tried_again():
    run = run_flow(
        flow("type: constant, interval: PT1S, maxAttempt: 3"), results={"a": [State.KILLED]}
    )

    assert run.states == [("a", "KILLED")]
    assert run.state is State.KILLED
