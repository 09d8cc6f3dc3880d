"""Loops over values."""

import pytest

from executions.executor.commands import ContinueLater
from executions.executor.frames import STARTS_IN_A_STEP
from plugins.contracts.state import State
from tests.support.engine import MemoryRun, held, run_flow

EACH = """
tasks:
  - id: each
    type: ForEach
    values: {values}
    concurrencyLimit: {limit}
    tasks:
      - {{id: a, type: Work}}
      - {{id: b, type: Work}}
"""

NESTED = """
tasks:
  - id: outer
    type: ForEach
    values: [1, 2]
    concurrencyLimit: {outer}
    tasks:
      - id: inner
        type: ForEach
        values: [x, y]
        concurrencyLimit: {inner}
        tasks:
          - id: say
            type: Return
            format: "{{{{ parent.taskrun.value }}}}{{{{ taskrun.value }}}}"
"""

OLD = """
tasks:
  - id: each
    type: {kind}
    value: '["1", "2"]'
    tasks:
      - {{id: a, type: Work}}
      - {{id: b, type: Work}}
"""


def each(values="[1, 2, 3]", limit=1, **options):
    return held(EACH.format(values=values, limit=limit), **options)


def test_values_come_one_after_another_by_default():
    run = run_flow(EACH.format(values="[1, 2]", limit=1))

    assert run.story == "+each +a[1] -a[1] +b[1] -b[1] +a[2] -a[2] +b[2] -b[2] -each"


def test_without_a_limit_all_values_start_and_tasks_of_a_value_keep_their_order():
    run = each(limit=0)

    assert run.open == ["a[1]", "a[2]", "a[3]"]
    assert run.end("a", value="2").open == ["a[1]", "a[3]", "b[2]"]


def test_a_limit_counts_values():
    run = each(limit=2)

    assert run.open == ["a[1]", "a[2]"]
    assert run.end("a", value="1").open == ["a[2]", "b[1]"]
    assert run.end("b", value="1").open == ["a[2]", "a[3]"]


def test_iterations_are_numbered_from_0():
    run = run_flow(EACH.format(values="[x, y]", limit=0))

    assert [run.run_of("a", n).iteration for n in (0, 1)] == [0, 1]
    assert run.run_of("each").iteration is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("[1, 1, 2, 1]", ["1", "2"]),
        ("'[1, \"1\", 2]'", ["1", "2"]),
        ("[{a: 1}, {a: 1}]", ['{"a":1}']),
        ("'{{ [3, 4] }}'", ["3", "4"]),
        ("[true, 1.5]", ["true", "1.5"]),
    ],
)
def test_values_become_texts_each_once(values, expected):
    run = run_flow(EACH.format(values=values, limit=1))

    found = [item.value for item in run.live.task_runs.values() if item.task_id == "a"]
    assert found == expected
    assert run.state is State.SUCCESS


def test_an_empty_list_succeeds():
    run = run_flow(EACH.format(values="[]", limit=1))

    assert run.states == [("each", "SUCCESS")]


def test_a_null_value_fails():
    run = run_flow(EACH.format(values="[1, null]", limit=1))

    assert run.states == [("each", "FAILED")]
    assert "Found '1' null values on Each" in run.run_of("each").message


def test_after_a_failure_no_value_starts_and_those_under_way_end():
    run = each(limit=2).end("a", State.FAILED, value="1")

    assert run.run_of("each").state is State.FAILED
    assert run.open == ["a[2]"]
    assert run.end("a", value="2").open == []
    assert run.state is State.FAILED


def test_tasks_nested_deeper_have_no_value():
    run = run_flow("""
tasks:
  - id: each
    type: ForEach
    values: [1, 2]
    tasks:
      - id: steps
        type: Sequential
        tasks:
          - {id: say, type: Return, format: "{{ parent.taskrun.value }}"}
""")

    assert run.run_of("steps", 1).value == "2"
    assert run.run_of("say", 1).value is None
    assert run.run_of("say", 1).outputs.value == {"value": "2"}


@pytest.mark.parametrize("outer", [0, 1, 2])
@pytest.mark.parametrize("inner", [0, 1, 2])
def test_loops_in_loops(outer, inner):
    run = run_flow(NESTED.format(outer=outer, inner=inner))

    said = [item.outputs.value["value"] for item in run._runs() if item.task_id == "say"]
    assert sorted(said) == ["1x", "1y", "2x", "2y"]
    assert run.state is State.SUCCESS


def test_each_parallel_starts_all_children_of_all_values():
    run = held(OLD.format(kind="EachParallel"))

    assert run.open == ["a[1]", "b[1]", "a[2]", "b[2]"]


def test_each_sequential_runs_one_after_another():
    run = run_flow(OLD.format(kind="EachSequential"))

    assert run.story == "+each +a[1] -a[1] +b[1] -b[1] +a[2] -a[2] +b[2] -b[2] -each"


def test_outputs_of_a_loop_are_found_by_value():
    run = run_flow("""
tasks:
  - id: each
    type: ForEach
    values: [x, y]
    tasks:
      - {id: make, type: Return, format: "{{ taskrun.value }}!"}
      - {id: use, type: Return, format: "{{ outputs.make[taskrun.value].value }}?"}
  - {id: after, type: Return, format: "{{ outputs.use.y.value }}"}
""")

    assert run.run_of("after").outputs.value == {"value": "y!?"}


@pytest.mark.parametrize("limit", [0, 1, 700])
def test_a_loop_of_2000_values_runs_to_its_end(limit):
    values = "{{ range(0, 1999) }}"
    run = run_flow(EACH.format(values=f'"{values}"', limit=limit))

    assert run.state is State.SUCCESS
    assert len(run.states) == 1 + 2 * 2000


def test_no_step_starts_more_than_its_share_of_a_wide_loop():
    started: list[int] = []

    class Counting(MemoryRun):
        def _advance(self, event):
            before = len(self.rows)
            super()._advance(event)
            started.append(len(self.rows) - before)

    run = Counting(EACH.format(values='"{{ range(0, 1999) }}"', limit=0), hold=True).start()

    assert max(started) == STARTS_IN_A_STEP
    assert len(run.open) == 2000
    assert len(run.given(ContinueLater)) == 3


def test_a_wide_loop_goes_on_after_a_restart():
    run = MemoryRun(
        EACH.format(values='"{{ range(0, 1999) }}"', limit=0), restarts={3, 4, 1000}
    ).start()

    assert run.state is State.SUCCESS
    assert len(run.states) == 1 + 2 * 2000


def test_a_wide_loop_that_failed_starts_no_more():
    run = held(EACH.format(values='"{{ range(0, 1999) }}"', limit=600))
    run.end("a", State.FAILED, value="0")

    assert len(run.open) == 599
    assert run.run_of("each").state is State.FAILED
