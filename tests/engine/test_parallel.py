"""Tasks side by side."""

import pytest

from plugins.contracts.state import State
from tests.support.engine import MemoryRun, held, run_flow

FLOW = """
tasks:
  - id: together
    type: Parallel
    concurrent: {limit}
    tasks:
      - {{id: a, type: Work}}
      - {{id: b, type: Work}}
      - {{id: c, type: Work}}
  - {{id: last, type: Work}}
"""


def test_all_start_at_once_without_a_limit():
    run = held(FLOW.format(limit=0))

    assert run.open == ["a", "b", "c"]
    assert run.end("b").end("a").open == ["c"]
    assert run.end("c").open == ["last"]
    assert run.end("last").state is State.SUCCESS


@pytest.mark.parametrize("limit", [1, 2])
def test_concurrent_limits_how_many_run(limit):
    run = held(FLOW.format(limit=limit))

    assert run.open == ["a", "b"][:limit]
    assert len(run.end("a").open) == limit
    assert len(run.end("b").open) == 1


def test_a_failure_ends_the_parent_at_once_and_siblings_go_on():
    run = held(FLOW.format(limit=0)).end("b", State.FAILED)

    assert run.run_of("together").state is State.FAILED
    assert run.open == ["a", "c"]
    assert not run.state.is_terminal
    run.end("a").end("c", State.WARNING)
    assert run.states == [
        ("together", "FAILED"),
        ("a", "SUCCESS"),
        ("b", "FAILED"),
        ("c", "WARNING"),
    ]
    assert run.state is State.FAILED
    assert run.is_forgotten


def test_a_second_failure_no_longer_changes_the_parent():
    run = held(FLOW.format(limit=0)).end("b", State.FAILED)
    before = run.run_of("together")

    run.end("a", State.FAILED).end("c")

    assert run.run_of("together") == before


def test_after_a_failure_no_sibling_starts():
    run = held(FLOW.format(limit=2)).end("a", State.FAILED).end("b")

    assert run.states == [("together", "FAILED"), ("a", "FAILED"), ("b", "SUCCESS")]
    assert run.state is State.FAILED


def test_errors_run_while_siblings_still_run():
    run = held(
        FLOW.format(limit=0).replace(
            "  - {id: last", "    errors: [{id: oops, type: Work}]\n  - {id: last"
        )
    ).end("b", State.FAILED)

    assert run.open == ["a", "c", "oops"]
    assert run.run_of("together").state is State.RUNNING
    assert run.end("oops").run_of("together").state is State.FAILED
    assert run.end("a").end("c").state is State.FAILED


def test_the_worst_state_of_the_siblings_counts():
    run = held(FLOW.format(limit=0)).end("a", State.WARNING).end("b").end("c")

    assert run.run_of("together").state is State.WARNING


def test_branches_of_sequences_advance_each_for_itself():
    run = held("""
tasks:
  - id: together
    type: Parallel
    tasks:
      - id: left
        type: Sequential
        tasks: [{id: a, type: Work}, {id: b, type: Work}]
      - id: right
        type: Sequential
        tasks: [{id: c, type: Work}, {id: d, type: Work}]
""")

    assert run.open == ["a", "c"]
    assert run.end("a").open == ["c", "b"]
    assert run.end("b").run_of("left").state is State.SUCCESS
    assert run.end("c").end("d").state is State.SUCCESS


def test_a_wide_parallel_runs_to_its_end():
    tasks = "".join(f"      - {{id: t{n}, type: Work}}\n" for n in range(600))
    run = run_flow(f"tasks:\n  - id: together\n    type: Parallel\n    tasks:\n{tasks}")

    assert run.state is State.SUCCESS
    assert len(run.states) == 601


def test_a_wide_parallel_goes_on_after_a_restart_in_the_middle_of_its_start():
    tasks = "".join(f"      - {{id: t{n}, type: Work}}\n" for n in range(600))
    source = f"tasks:\n  - id: together\n    type: Parallel\n    tasks:\n{tasks}"

    run = MemoryRun(source, hold=True, restarts={1}).start()

    assert len(run.open) == 600
