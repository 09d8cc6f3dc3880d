"""The end by request, at every point."""

import pytest

from executions.executor.commands import KillAttempt
from plugins.contracts.state import TERMINAL, State
from tests.support.engine import START, MemoryRun, held, run_flow

TREE = """
outputs: [{id: o, type: STRING, value: "{{ outputs.first.value }}"}]
tasks:
  - {id: first, type: Return, format: x}
  - id: together
    type: Parallel
    tasks:
      - id: each
        type: ForEach
        values: "{{ ['1', '2'] }}"
        concurrencyLimit: 0
        tasks:
          - {id: a, type: Work, runIf: "{{ taskrun.value != '3' }}"}
      - {id: b, type: Work, retry: {type: constant, interval: PT1M, maxAttempt: 3}}
      - {id: call, type: Subflow, namespace: a.b, flowId: child}
      - id: if
        type: If
        condition: "{{ true }}"
        then: [{id: c, type: Work}]
  - {id: last, type: Fail}
errors: [{id: e, type: Work}]
finally: [{id: f, type: Work}]
"""
RESULTS = {"b": [State.FAILED, State.SUCCESS]}
STEPS = run_flow(TREE, results=RESULTS).steps


@pytest.mark.parametrize("point", range(STEPS))
def test_a_kill_at_any_point_ends_everything(point):
    run = MemoryRun(TREE, results=RESULTS, kill_at=point).start()

    assert run.state is State.KILLED
    assert "KILLING" in run.history
    assert {item.state for item in run.live.task_runs.values()} <= TERMINAL
    assert run.is_forgotten


@pytest.mark.parametrize("point", range(STEPS))
def test_a_kill_survives_the_owner(point):
    run = MemoryRun(TREE, results=RESULTS, kill_at=point, restarts={point + 1}).start()

    assert run.state is State.KILLED
    assert {item.state for item in run.live.task_runs.values()} <= TERMINAL


def test_what_runs_is_told_and_waited_for():
    run = held("tasks: [{id: a, type: Work}, {id: b, type: Work}]").begin("a")
    task_run, token = run.token_of("a")

    run.kill()

    assert run.given(KillAttempt) == [KillAttempt(task_run.id, token)]
    assert run.history_of("a") == ["CREATED", "RUNNING", "KILLING"]
    assert run.state is State.KILLING
    assert run.end("a", State.KILLED).state is State.KILLED
    assert run.history == ["CREATED", "RUNNING", "KILLING", "KILLED"]


def test_what_waits_ends_at_once():
    run = held("tasks: [{id: a, type: Work, retry: {type: constant, interval: PT1H}}]")
    run.end("a", State.FAILED)

    assert run.kill().state is State.KILLED
    assert run.states == [("a", "KILLED")]


def test_a_success_that_comes_after_the_kill_is_one_and_nothing_follows():
    run = held("tasks: [{id: a, type: Work}, {id: b, type: Work}]").kill().end("a")

    assert run.states == [("a", "SUCCESS")]
    assert run.state is State.KILLED


def test_a_failure_that_comes_after_the_kill_is_a_kill():
    run = held("tasks: [{id: a, type: Work, retry: {type: constant, interval: PT1S}}]")

    run.kill().end("a", State.FAILED)

    assert run.states == [("a", "KILLED")]


def test_allow_failure_does_not_hide_a_kill():
    run = held("tasks: [{id: a, type: Work, allowFailure: true}]").kill().end("a", State.KILLED)

    assert run.states == [("a", "KILLED")]


def test_neither_errors_nor_finally_run():
    run = (
        held("""
tasks: [{id: a, type: Work}]
errors: [{id: e, type: Work}]
finally: [{id: f, type: Work}]
""")
        .kill()
        .end("a", State.KILLED)
    )

    assert run.states == [("a", "KILLED")]


def test_parents_end_after_their_children():
    run = (
        held("""
tasks:
  - id: outer
    type: Sequential
    tasks:
      - id: inner
        type: Parallel
        tasks: [{id: a, type: Work}, {id: b, type: Work}]
""")
        .kill()
        .end("a", State.KILLED)
    )

    assert not run.run_of("inner").is_ended
    assert run.end("b", State.KILLED).story == "+outer +inner +a +b -a -b -inner -outer"


def test_a_second_kill_changes_nothing():
    run = held("tasks: [{id: a, type: Work}]").kill()
    seen = len(run.commands)

    assert run.kill().commands[seen:] == []


def test_what_has_ended_cannot_be_killed():
    run = run_flow("tasks: [{id: a, type: Work}]").kill()

    assert run.state is State.SUCCESS


def test_an_execution_that_never_began_is_killed():
    run = MemoryRun("tasks: [{id: a, type: Work}]", hold=True)

    assert run.kill().history == ["CREATED", "KILLING", "KILLED"]
    assert run.live.head.created_at == START


def test_a_new_owner_tells_the_worker_again():
    run = held("tasks: [{id: a, type: Work}]").begin("a").kill().restart_owner()

    assert len(run.given(KillAttempt)) == 2
    assert run.state is State.KILLING


def test_loading_what_has_ended_starts_nothing():
    run = held("tasks: [{id: a, type: Work}]\nerrors: [{id: e, type: Work}]")
    run.kill().end("a", State.KILLED).restart_owner()

    assert run.states == [("a", "KILLED")]
