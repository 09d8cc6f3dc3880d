"""Tasks in the order of what they depend on."""

from plugins.contracts.state import State
from tests.support.engine import held, run_flow

DIAMOND = """
tasks:
  - id: dag
    type: Dag
    concurrent: {limit}
    tasks:
      - task: {{id: d, type: Work}}
        dependsOn: [b, c]
      - task: {{id: b, type: Work}}
        dependsOn: [a]
      - task: {{id: c, type: Work{option}}}
        dependsOn: [a]
      - task: {{id: a, type: Work}}
"""


def diamond(limit=0, option=""):
    return DIAMOND.format(limit=limit, option=option)


def test_a_task_starts_when_all_that_it_depends_on_have_ended():
    run = held(diamond())

    assert run.open == ["a"]
    assert run.end("a").open == ["b", "c"]
    assert run.end("b").open == ["c"]
    assert run.end("c").open == ["d"]
    assert run.end("d").state is State.SUCCESS


def test_a_limit_bounds_how_many_run():
    run = held(diamond(limit=1))

    assert run.end("a").open == ["b"]
    assert run.end("b").open == ["c"]


def test_ended_is_enough_it_need_not_be_a_success():
    run = run_flow(diamond(option=", allowFailure: true"), results={"c": [State.FAILED]})

    assert run.run_of("c").state is State.WARNING
    assert run.run_of("d").state is State.SUCCESS
    assert run.state is State.WARNING


def test_a_skipped_task_counts_as_ended():
    run = run_flow(diamond(option=", runIf: '{{ false }}'"))

    assert run.run_of("c").state is State.SKIPPED
    assert run.run_of("d").state is State.SUCCESS
    assert run.state is State.SUCCESS


def test_a_disabled_task_is_not_waited_for():
    run = run_flow(diamond(option=", disabled: true"))

    assert run.story == "+dag +a -a +b -b +d -d -dag"


def test_a_failure_fails_the_dag_and_nothing_starts_after_it():
    run = held(diamond()).end("a").end("b", State.FAILED)

    assert run.run_of("dag").state is State.FAILED
    assert run.end("c").states == [
        ("dag", "FAILED"),
        ("a", "SUCCESS"),
        ("b", "FAILED"),
        ("c", "SUCCESS"),
    ]
    assert run.state is State.FAILED
