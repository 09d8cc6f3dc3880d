"""What expressions see of an execution."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from executions.executor.model import Head, Outputs, TaskRun
from executions.executor.paths import TaskRunIndex
from executions.scope import Rows, Scope, Surroundings, instant_text
from expressions.engine import ExpressionEngine
from plugins.contracts.state import State

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ENGINE = ExpressionEngine()
HEAD = Head(
    id="execution",
    tenant="main",
    namespace="company.team",
    flow_id="flow",
    flow_revision=3,
    state=State.RUNNING,
    history=((State.CREATED, NOW),),
    original_id="first",
    created_at=NOW,
)


class Tree:
    """Task runs in the order of creation."""

    def __init__(self):
        self.runs: dict[str, TaskRun] = {}
        self.index = TaskRunIndex()

    def add(self, task_id, parent=None, value=None, outputs=None, state=State.SUCCESS, **changes):
        run = TaskRun(
            id=f"run-{len(self.runs)}",
            seq=len(self.runs),
            task_id=task_id,
            state=state,
            history=((State.CREATED, NOW),),
            parent_id=parent.id if parent else None,
            value=value,
            outputs=Outputs(value=outputs) if outputs is not None else None,
        )
        run = replace(run, **changes)
        self.runs[run.id] = run
        self.index.add(run)
        return run

    def rows(self):
        return Rows.of(self.runs, self.index)


@pytest.fixture
def tree():
    return Tree()


def scope(tree, run=None, head=HEAD, **surroundings):
    return Scope(
        head=head,
        rows=tree.rows(),
        surroundings=Surroundings(**surroundings),
        run=run,
        task_type="a.Type" if run else "",
    )


def render(text, found):
    return ENGINE.render_value(text, found)


def test_the_flow_and_the_execution_are_there(tree):
    found = scope(tree)

    assert dict(found["flow"]) == {
        "id": "flow",
        "namespace": "company.team",
        "revision": 3,
        "tenantId": "main",
    }
    assert found["execution"]["startDate"] == "2026-01-02T03:04:05Z"
    assert found["execution"]["originalId"] == "first"


@pytest.mark.parametrize(
    "name",
    ["task", "taskrun", "parent", "parents", "inputs", "vars", "trigger", "namespace", "nonsense"],
)
def test_what_is_not_there_is_absent(tree, name):
    found = scope(tree)

    assert name not in found
    with pytest.raises(KeyError):
        found[name]


def test_the_task_run_tells_itself(tree):
    loop = tree.add("each")
    run = tree.add("a", loop, "x", iteration=2)

    found = scope(tree, run)

    assert found["task"] == {"id": "a", "type": "a.Type"}
    assert found["taskrun"] == {
        "id": run.id,
        "startDate": "2026-01-02T03:04:05Z",
        "attemptsCount": 0,
        "parentId": loop.id,
        "value": "x",
        "iteration": 2,
    }


def test_outputs_are_found_by_task(tree):
    tree.add("a", outputs={"n": 1})
    tree.add("b")

    found = scope(tree)

    assert render("{{ outputs.a.n }}", found) == "1"
    assert list(found["outputs"]) == ["a"]
    assert "b" not in found["outputs"]


def test_outputs_of_loops_are_found_by_value(tree):
    loop = tree.add("each")
    for value in ("x", "y"):
        tree.add("a", loop, value, {"n": value * 2})

    found = scope(tree)

    assert render("{{ outputs.a.x.n }}{{ outputs.a['y'].n }}", found) == "xxyy"
    assert list(found["outputs"]["a"]) == ["x", "y"]
    assert len(found["outputs"]["a"]) == 2


def test_outputs_of_loops_in_loops_are_found_by_all_their_values(tree):
    outer = tree.add("outer")
    for value in ("1", "2"):
        inner = tree.add("inner", outer, value, {"seen": value})
        for letter in ("x", "y"):
            tree.add("a", inner, letter, {"n": value + letter})

    found = scope(tree)

    assert render("{{ outputs.a['2'].x.n }}", found) == "2x"
    assert render("{{ outputs.inner['1'].seen }}", found) == "1"
    assert list(found["outputs"]["a"]["1"]) == ["x", "y"]


def test_tasks_below_a_group_in_a_loop_are_found_by_the_loops_value(tree):
    loop = tree.add("each")
    for value in ("1", "2"):
        group = tree.add("group", loop, value)
        tree.add("a", group, outputs={"n": value})

    assert render("{{ outputs.a['2'].n }}", scope(tree)) == "2"


def test_states_of_tasks_are_found(tree):
    tree.add("a", state=State.FAILED)
    loop = tree.add("each", state=State.RUNNING)
    tree.add("b", loop, "x", state=State.WARNING)

    found = scope(tree)

    assert render("{{ tasks.a.state }} {{ tasks.b.x.state }}", found) == "FAILED WARNING"


def test_parents_are_told_from_the_nearest(tree):
    outer = tree.add("outer", outputs={"o": 1})
    middle = tree.add("middle", outer, "1", {"m": 2})
    group = tree.add("group", middle, "x")
    run = tree.add("a", group)

    found = scope(tree, run)

    assert found["parents"] == [
        {"taskrun": {"value": "x"}},
        {"taskrun": {"value": "1"}, "outputs": {"m": 2}},
        {"outputs": {"o": 1}},
    ]
    assert found["parent"] == found["parents"][0]


def test_outputs_that_are_elsewhere_are_fetched_when_they_are_named(tree):
    asked: list[str] = []

    def fetch(run):
        asked.append(run.task_id)
        return {"n": "from storage"}

    tree.add("a", outputs={"n": "near"})
    far = tree.add("far")
    tree.runs[far.id] = replace(far, outputs=Outputs(uri="kestra:///x", size=100_000))
    found = scope(tree, fetch_outputs=fetch)

    assert render("{{ outputs.a.n }}", found) == "near"
    assert asked == []
    assert render("{{ outputs.far.n }}", found) == "from storage"
    assert asked == ["far"]


def test_the_rest_of_the_rows_is_read_only_when_something_is_missing():
    tree = Tree()
    near = tree.add("near", outputs={"n": 1})
    tree.add("far", outputs={"n": 2})
    reads: list[str] = []

    def read_near():
        reads.append("near")
        return [near]

    def read_whole():
        reads.append("whole")
        return list(tree.runs.values())

    found = Scope(head=HEAD, rows=Rows(read_near, read_whole), surroundings=Surroundings())

    assert render("{{ flow.id }}", found) == "flow"
    assert reads == []
    assert render("{{ outputs.near.n }}", found) == "1"
    assert reads == ["near"]
    assert render("{{ outputs.far.n }}", found) == "2"
    assert reads == ["near", "whole"]
    assert render("{{ outputs.near.n }}{{ outputs.far.n }}", found) == "12"
    assert reads == ["near", "whole"]


def test_all_keys_are_told_even_when_only_some_rows_are_near():
    tree = Tree()
    near = tree.add("near", outputs={"n": 1})
    tree.add("far", outputs={"n": 2})
    rows = Rows(lambda: [near], tree.runs.values)
    found = Scope(head=HEAD, rows=rows, surroundings=Surroundings())

    assert sorted(found["outputs"]) == ["far", "near"]


def test_a_loop_of_which_only_one_value_is_near_gives_the_others_too():
    tree = Tree()
    loop = tree.add("each")
    first = tree.add("a", loop, "x", {"n": 1})
    tree.add("a", loop, "y", {"n": 2})
    rows = Rows(lambda: [loop, first], tree.runs.values)
    found = Scope(head=HEAD, rows=rows, surroundings=Surroundings())

    assert render("{{ outputs.a.x.n }}", found) == "1"
    assert render("{{ outputs.a.y.n }}", found) == "2"
    assert list(found["outputs"]["a"]) == ["x", "y"]


def test_inputs_and_what_the_trigger_says_are_there(tree):
    head = replace(
        HEAD,
        inputs={"n": 1},
        trigger={"id": "t", "variables": {"date": "today"}},
        labels=(("team", "x"), ("system.correlationId", "c"), ("team", "second")),
    )

    found = scope(tree, head=head)

    assert render("{{ inputs.n }} {{ trigger.date }}", found) == "1 today"
    assert found["labels"] == {"team": "x", "system": {"correlationId": "c"}}


def test_inputs_are_revealed_when_they_are_named(tree):
    head = replace(HEAD, inputs={"key": "sealed"})

    found = scope(tree, head=head, reveal=lambda inputs: {"key": "open"})

    assert render("{{ inputs.key }}", found) == "open"


def test_surroundings_are_there(tree):
    found = scope(
        tree,
        flow_variables={"v": 1},
        namespace_variables=lambda: {"n": 2},
        envs={"e": "3"},
        globals_={"g": 4},
    )

    text = "{{ vars.v }}{{ namespace.n }}{{ envs.e }}{{ globals.g }}"
    assert render(text, found) == "1234"


def test_variables_of_the_namespace_are_looked_up_once_and_only_when_named(tree):
    asked: list[int] = []

    def look_up():
        asked.append(1)
        return {"n": 2}

    found = scope(tree, namespace_variables=look_up)
    assert render("{{ flow.id }}", found) == "flow"
    assert asked == []

    render("{{ namespace.n }}{{ namespace.n }}", found)

    assert asked == [1]


def test_the_names_that_are_there_can_be_listed(tree):
    names = set(scope(tree))

    assert {"flow", "execution", "outputs", "tasks", "labels", "envs", "globals"} <= names
    assert "inputs" not in names
    assert len(scope(tree)) == len(names)


@pytest.mark.parametrize(
    ("microsecond", "text"),
    [
        (0, "2026-01-02T03:04:05Z"),
        (120_000, "2026-01-02T03:04:05.120Z"),
        (120_001, "2026-01-02T03:04:05.120001Z"),
    ],
)
def test_instants_have_only_the_digits_they_need(microsecond, text):
    assert instant_text(NOW.replace(microsecond=microsecond)) == text
