"""Flows of tasks one after another."""

from plugins.contracts.state import State
from tests.support.engine import held, run_flow

THREE = """
tasks:
  - {id: a, type: Work}
  - {id: b, type: Work}
  - {id: c, type: Work}
"""

NESTED = """
tasks:
  - id: outer
    type: Sequential
    tasks:
      - {id: a, type: Work}
      - id: inner
        type: Sequential
        tasks:
          - {id: b, type: Work}
          - {id: c, type: Work}
  - {id: d, type: Work}
"""


def test_tasks_run_one_after_another():
    run = run_flow(THREE)

    assert run.story == "+a -a +b -b +c -c"
    assert run.history == ["CREATED", "RUNNING", "SUCCESS"]
    assert run.is_forgotten


def test_a_task_run_passes_through_its_states():
    run = held(THREE).begin("a")

    assert run.history_of("a") == ["CREATED", "RUNNING"]
    assert run.end("a").history_of("a") == ["CREATED", "RUNNING", "SUCCESS"]
    assert [attempt.number for attempt in run.run_of("a").attempts] == [0]


def test_what_stands_after_a_failure_does_not_start():
    run = run_flow(THREE, results={"b": [State.FAILED]})

    assert run.states == [("a", "SUCCESS"), ("b", "FAILED")]
    assert run.state is State.FAILED


def test_a_warning_lets_the_others_run():
    run = run_flow(THREE, results={"a": [State.WARNING]})

    assert run.story == "+a -a +b -b +c -c"
    assert run.state is State.WARNING


def test_a_task_that_was_killed_on_its_worker_ends_the_flow_killed():
    run = run_flow(THREE, results={"a": [State.KILLED]})

    assert run.states == [("a", "KILLED")]
    assert run.state is State.KILLED


def test_a_flowable_has_a_task_run_of_its_own_without_attempts():
    run = run_flow(NESTED)

    assert run.story == "+outer +a -a +inner +b -b +c -c -inner -outer +d -d"
    assert run.run_of("outer").attempts == ()
    assert run.history_of("outer") == ["CREATED", "RUNNING", "SUCCESS"]
    assert run.run_of("b").parent_id == run.run_of("inner").id


def test_a_failure_goes_up_to_the_flow():
    run = run_flow(NESTED, results={"b": [State.FAILED]})

    assert run.states == [
        ("outer", "FAILED"),
        ("a", "SUCCESS"),
        ("inner", "FAILED"),
        ("b", "FAILED"),
    ]
    assert run.state is State.FAILED


def test_a_warning_goes_up_to_the_flow():
    run = run_flow(NESTED, results={"c": [State.WARNING]})

    assert run.run_of("inner").state is State.WARNING
    assert run.run_of("outer").state is State.WARNING
    assert run.run_of("d").state is State.SUCCESS
    assert run.state is State.WARNING


def test_a_flow_of_tasks_that_are_all_disabled_succeeds_at_once():
    run = run_flow("tasks: [{id: a, type: Work, disabled: true}]")

    assert run.states == []
    assert run.history == ["CREATED", "RUNNING", "SUCCESS"]


def test_a_disabled_task_leaves_no_task_run():
    run = run_flow(THREE.replace("b, type: Work", "b, type: Work, disabled: true"))

    assert run.story == "+a -a +c -c"
    assert run.state is State.SUCCESS


def test_a_flowable_whose_tasks_are_all_disabled_succeeds():
    run = run_flow("""
tasks:
  - id: empty
    type: Sequential
    tasks:
      - {id: a, type: Work, disabled: true}
""")

    assert run.states == [("empty", "SUCCESS")]
    assert run.state is State.SUCCESS


def test_a_thousand_empty_flowables_in_a_row_need_no_deep_stack():
    tasks = "".join(
        f"  - {{id: e{n}, type: Sequential, tasks: [{{id: x{n}, type: Work, disabled: true}}]}}\n"
        for n in range(1000)
    )
    run = run_flow(f"tasks:\n{tasks}")

    assert run.state is State.SUCCESS
    assert len(run.states) == 1000


def test_inline_tasks_run_without_a_worker():
    run = run_flow("""
tasks:
  - {id: a, type: Return, format: "{{ 1 + 1 }}"}
  - {id: b, type: Log, message: "it is {{ outputs.a.value }}"}
""")

    assert run.state is State.SUCCESS
    assert run.logs == [("b", "INFO", "it is 2")]


def test_the_message_of_a_failure_is_kept_with_the_task_run():
    run = run_flow("tasks: [{id: a, type: Fail, errorMessage: no luck}]")

    assert run.run_of("a").message == "no luck"
    assert ("a", "ERROR", "no luck") in run.logs
