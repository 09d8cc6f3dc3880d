"""What the islands of an execution's page fetch."""

from datetime import timedelta

import pytest

from common.tenancy import tenant_scope
from plugins.contracts.state import State
from tests.executions.rows import START, a_line, a_task_run, an_attempt, an_execution, history
from ui.executions.trees import LINES_AT_MOST, lines_of


@pytest.fixture
def viewer(client_for):
    return client_for("Viewer")


@pytest.fixture
def row(viewer):
    with tenant_scope("main"):
        return an_execution()


@pytest.fixture
def log(row):
    """Five lines, the third and the last of them errors."""
    levels = ("INFO", "WARN", "ERROR", "INFO", "ERROR")
    with tenant_scope("main"):
        return [
            a_line(row, f"line {n}", level=level, timestamp=START + timedelta(seconds=n // 2))
            for n, level in enumerate(levels)
        ]


def ask(client, row, path):
    address = f"/ui/main/executions/{row.namespace}/{row.flow_id}/{row.public_id}/{path}"
    return client.get(address, headers={"Accept": "application/json"})


def test_lines_come_by_pages(viewer, row, log, monkeypatch):
    monkeypatch.setattr("ui.executions.data.LINES_A_PAGE", 2)
    first, last = (ask(viewer, row, f"logs/lines?offset={n}").json() for n in (0, 4))

    assert [line[6] for line in first["lines"]] == ["line 0", "line 1"]
    assert [line[6] for line in last["lines"]] == ["line 4"]
    assert (first["total"], last["total"]) == (5, 5)


@pytest.mark.parametrize(
    ("query", "found"),
    [("minLevel=ERROR", [2, 4]), ("q=line 1", [1]), ("taskRunId=none", []), ("offset=9", [])],
)
def test_lines_are_filtered(viewer, row, log, query, found):
    answer = ask(viewer, row, f"logs/lines?{query}").json()

    assert [line[6] for line in answer["lines"]] == [f"line {n}" for n in found]


def test_offset_that_is_none_is_said(viewer, row):
    answer = ask(viewer, row, "logs/lines?offset=x")

    assert answer.status_code == 422
    assert "offset" in answer.json()["message"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("after=-1", 2),
        ("after=2", 4),
        ("after=4", None),
        ("before=4", 2),
        ("before=2", None),
        ("before=-1", None),
        ("after=-1&minLevel=WARN", 1),
    ],
)
def test_next_and_previous_errors_are_found(viewer, row, log, query, place):
    assert ask(viewer, row, f"logs/place?{query}").json() == {"place": place}


def test_place_of_a_line_is_the_one_among_the_lines_shown(viewer, row, log):
    key = log[4].pk

    assert ask(viewer, row, f"logs/place?line={key}").json() == {"place": 4}
    assert ask(viewer, row, f"logs/place?line={key}&minLevel=ERROR").json() == {"place": 1}
    assert ask(viewer, row, "logs/place?line=1").json() == {"place": None}


def test_runs_have_their_histories_and_attempts(viewer, row):
    with tenant_scope("main"):
        parent = a_task_run(row, "each", seq=0)
        child = a_task_run(row, "load", seq=1, parent_id=parent.public_id, value="north")
        an_attempt(child, 0, state="FAILED", history=history(State.CREATED, State.FAILED))
        an_attempt(child, 1)
    answer = ask(viewer, row, "runs").json()

    assert [(run[2], run[3], run[4]) for run in answer["runs"]] == [
        ("each", None, None),
        ("load", parent.public_id, "north"),
    ]
    states = [state for state, _ in answer["runs"][0][7]]
    assert states == ["CREATED", "RUNNING", "SUCCESS"]
    assert [state for state, _, _ in answer["attempts"][child.public_id]] == ["FAILED", "SUCCESS"]


def test_outputs_hide_what_is_encrypted(viewer, row):
    sealed = {"type": "io.kestra.datatype:aes_encrypted", "value": "sealed"}
    with tenant_scope("main"):
        run = a_task_run(row, outputs={"key": sealed, "n": 1}, outputs_size=20)
    listed = ask(viewer, row, "outputs/list").json()
    read = ask(viewer, row, f"outputs/of/{run.public_id}")

    assert listed["runs"] == [[run.public_id, "greet", None, None, 20]]
    assert read.json()["n"] == 1
    assert b"sealed" not in read.content


def test_tree_ends_where_it_is_too_long():
    lines = lines_of({"all": list(range(LINES_AT_MOST * 2))}, "inputs")

    assert len(lines) == LINES_AT_MOST
    assert lines[1].path == "inputs.all[0]"


@pytest.mark.parametrize(
    ("value", "path", "kind"),
    [
        ({"a b": 1}, "inputs['a b']", "number"),
        ({"a": None}, "inputs.a", "null"),
        ({"a": "kestra:///x"}, "inputs.a", "file"),
        ({"a": []}, "inputs.a", "list"),
    ],
)
def test_line_of_a_tree_has_its_path_and_kind(value, path, kind):
    (line,) = lines_of(value, "inputs")

    assert (line.path, line.kind) == (path, kind)
