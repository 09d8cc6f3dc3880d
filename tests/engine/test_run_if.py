"""`runIf`: rendered before the task starts."""

import pytest

from plugins.contracts.state import State
from tests.support.engine import run_flow

FLOW = """
tasks:
  - {{id: a, type: Work, runIf: {condition}}}
  - {{id: b, type: Work}}
"""


@pytest.mark.parametrize("condition", ["'{{ false }}'", "false", "'0'", "''", "'-0'"])
def test_false_skips_the_task_without_an_attempt(condition):
    run = run_flow(FLOW.format(condition=condition))

    assert run.states == [("a", "SKIPPED"), ("b", "SUCCESS")]
    assert run.run_of("a").attempts == ()
    assert run.history_of("a") == ["CREATED", "SKIPPED"]
    assert run.state is State.SUCCESS


@pytest.mark.parametrize("condition", ["'{{ true }}'", "true", "'{{ 2 > 1 }}'"])
def test_true_runs_it(condition):
    run = run_flow(FLOW.format(condition=condition))

    assert run.states == [("a", "SUCCESS"), ("b", "SUCCESS")]


def test_what_cannot_be_rendered_fails_the_task():
    run = run_flow(FLOW.format(condition="'{{ no.such.thing }}'"))

    assert run.states == [("a", "FAILED")]
    assert run.run_of("a").attempts == ()
    assert run.state is State.FAILED


def test_a_failure_to_render_is_softened_by_allow_failure():
    run = run_flow("tasks: [{id: a, type: Work, runIf: '{{ no.such.thing }}', allowFailure: true}]")

    assert run.state is State.WARNING


@pytest.mark.parametrize(
    "options",
    [
        "type: Sequential, tasks: [{id: x, type: Work}]",
        "type: ForEach, values: [1], tasks: [{id: x, type: Work}]",
        "type: Subflow, namespace: a.b, flowId: child",
    ],
)
def test_whole_flowables_and_subflows_are_skipped(options):
    run = run_flow(f"tasks: [{{id: a, runIf: '{{{{ false }}}}', {options}}}]")

    assert run.states == [("a", "SKIPPED")]
    assert run.children == []
    assert run.state is State.SUCCESS


def test_it_may_read_what_ran_before():
    run = run_flow("""
tasks:
  - {id: a, type: Return, format: go}
  - {id: b, type: Work, runIf: "{{ outputs.a.value == 'go' }}"}
  - {id: c, type: Work, runIf: "{{ outputs.a.value != 'go' }}"}
""")

    assert run.states == [("a", "SUCCESS"), ("b", "SUCCESS"), ("c", "SKIPPED")]


def test_the_condition_of_a_looped_task_sees_its_value():
    run = run_flow("""
tasks:
  - id: each
    type: ForEach
    values: [1, 2]
    tasks:
      - {id: a, type: Work, runIf: "{{ taskrun.value == '2' }}"}
""")

    assert [str(run.run_of("a", n).state) for n in (0, 1)] == ["SKIPPED", "SUCCESS"]
