"""Choices: If and Switch."""

import pytest

from executions.executor.commands import Render
from plugins.contracts.state import State
from tests.support.engine import run_flow

IF = """
tasks:
  - id: if
    type: If
    condition: {condition}
    then: [{{id: yes, type: Work}}]
    {otherwise}
"""
ELSE = "else: [{id: no, type: Work}]"

SWITCH = """
tasks:
  - id: switch
    type: Switch
    value: "{{{{ inputs.x }}}}"
    cases:
      one: [{{id: a, type: Work}}, {{id: b, type: Work}}]
      true: [{{id: c, type: Work}}]
      2: [{{id: d, type: Work}}]
    {otherwise}
"""
DEFAULTS = "defaults: [{id: other, type: Work}]"


@pytest.mark.parametrize("condition", ["true", "'{{ 1 == 1 }}'", "'yes'", "'00'", "' '", "1"])
def test_a_true_condition_runs_then(condition):
    run = run_flow(IF.format(condition=condition, otherwise=ELSE))

    assert run.story == "+if +yes -yes -if"
    assert run.run_of("if").outputs.value == {"evaluationResult": True}


@pytest.mark.parametrize("condition", ["false", "'{{ 1 == 2 }}'", "''", "'0'", "'-0'", "'false'"])
def test_a_false_condition_runs_else(condition):
    run = run_flow(IF.format(condition=condition, otherwise=ELSE))

    assert run.story == "+if +no -no -if"
    assert run.run_of("if").outputs.value == {"evaluationResult": False}


def test_false_without_else_succeeds_with_one_task_run():
    run = run_flow(IF.format(condition="false", otherwise=""))

    assert run.states == [("if", "SUCCESS")]
    assert run.state is State.SUCCESS


def test_a_condition_that_cannot_be_rendered_fails_the_if():
    run = run_flow(IF.format(condition="'{{ nowhere.to.be.found }}'", otherwise=ELSE))

    assert run.states == [("if", "FAILED")]
    assert run.run_of("if").message


def test_the_condition_is_rendered_once():
    run = run_flow(IF.format(condition="'{{ 1 == 1 }}'", otherwise=ELSE))
    before = len(run.given(Render))

    run.restart_owner()

    assert before == len(run.given(Render)) == 1


@pytest.mark.parametrize(
    ("value", "story"),
    [
        ("one", "+switch +a -a +b -b -switch"),
        ("true", "+switch +c -c -switch"),
        (True, "+switch +c -c -switch"),
        (2, "+switch +d -d -switch"),
        ("nothing", "+switch +other -other -switch"),
    ],
)
def test_switch_runs_the_case_that_fits(value, story):
    run = run_flow(SWITCH.format(otherwise=DEFAULTS), inputs={"x": value})

    assert run.story == story
    assert run.state is State.SUCCESS


def test_switch_tells_its_value_and_whether_the_defaults_ran():
    fits = run_flow(SWITCH.format(otherwise=DEFAULTS), inputs={"x": "one"})
    fits_not = run_flow(SWITCH.format(otherwise=DEFAULTS), inputs={"x": "z"})

    assert fits.run_of("switch").outputs.value == {"value": "one", "defaults": False}
    assert fits_not.run_of("switch").outputs.value == {"value": "z", "defaults": True}


def test_switch_without_a_fitting_case_and_defaults_fails():
    run = run_flow(SWITCH.format(otherwise=""), inputs={"x": "z"})

    assert run.states == [("switch", "FAILED")]
    assert "'z'" in run.run_of("switch").message


def test_the_failure_of_a_branch_fails_the_choice():
    run = run_flow(
        SWITCH.format(otherwise=DEFAULTS), inputs={"x": "one"}, results={"a": [State.FAILED]}
    )

    assert run.states == [("switch", "FAILED"), ("a", "FAILED")]
