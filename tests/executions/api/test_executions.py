"""Reading, searching, killing, labelling and deleting executions."""

from datetime import timedelta
from typing import Any

import pytest

from audit.models import AuditEntry
from executions.models import Attempt, Execution, InboxRow, LogEntry, Metric, TaskRun
from executions.queries.files import folder_of
from plugins.contracts.state import State
from tenants.storages import storage_of
from tests.executions.rows import (
    START,
    a_line,
    a_metric,
    a_task_run,
    an_attempt,
    an_execution,
    history,
)
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")
STORE = "kestra:///company/team/hello/executions"


def ids(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [each["id"] for each in response.json()["results"]]


# ---- one execution ------------------------------------------------------------------------------
def test_an_execution_shows_its_task_runs_and_their_attempts(send: Any) -> None:
    row = an_execution(
        inputs={"a": None}, outputs={"b": 1}, trigger={"id": "t", "type": "x", "variables": {}}
    )
    second = a_task_run(row, "second", seq=1, value="x", iteration=0, outputs={}, outputs_size=2)
    first = a_task_run(row, "first", seq=0)
    an_attempt(first, 1, state="SUCCESS")
    an_attempt(first, 0, state="FAILED")

    shape = send("GET", f"/executions/{row.public_id}").json()

    assert shape["state"] == {
        "current": "SUCCESS",
        "histories": [
            {"state": "CREATED", "date": "2026-03-01T10:00:00.000000Z"},
            {"state": "RUNNING", "date": "2026-03-01T10:00:01.000000Z"},
            {"state": "SUCCESS", "date": "2026-03-01T10:00:02.000000Z"},
        ],
        "duration": "PT2S",
        "startDate": "2026-03-01T10:00:00.000000Z",
        "endDate": "2026-03-01T10:00:02.000000Z",
    }
    assert (shape["inputs"], shape["outputs"]) == ({"a": None}, {"b": 1})
    assert shape["metadata"]["attemptNumber"] == 1
    assert [run["id"] for run in shape["taskRunList"]] == [first.public_id, second.public_id]
    tries = shape["taskRunList"][0]["attempts"]
    assert [each["state"]["current"] for each in tries] == ["FAILED", "SUCCESS"]
    assert tries[0]["workerId"] == "worker-1"
    assert shape["taskRunList"][0]["outputs"] is None
    assert (shape["taskRunList"][1]["value"], shape["taskRunList"][1]["outputs"]) == ("x", {})
    assert "variables" not in shape


def test_what_runs_has_no_end(send: Any) -> None:
    row = an_execution(State.RUNNING)
    a_task_run(row, state="RUNNING", token="t", history=history(State.CREATED, State.RUNNING))

    shape = send("GET", f"/executions/{row.public_id}").json()

    assert "endDate" not in shape["state"]
    (run,) = shape["taskRunList"]
    assert [each["state"]["current"] for each in run["attempts"]] == ["RUNNING"]


@pytest.mark.parametrize("number", [1, 30])
def test_an_execution_costs_the_same_queries_for_any_number_of_task_runs(
    send: Any, number: int, django_assert_num_queries: Any
) -> None:
    row = an_execution()
    for seq in range(number):
        an_attempt(a_task_run(row, seq=seq))
    send("GET", f"/executions/{row.public_id}")

    with django_assert_num_queries(4):  # the caller, the execution, its task runs, attempts
        send("GET", f"/executions/{row.public_id}")


def test_large_outputs_are_read_from_storage_and_very_large_ones_named(send: Any) -> None:
    row = an_execution()
    storage = storage_of(tenant="main")
    uri = storage.put("main", folder_of(row).child("outputs.json"), b'{"x":[1,2]}')
    a_task_run(row, seq=0, outputs_uri=uri, outputs_size=11)
    a_task_run(row, seq=1, outputs_uri=uri, outputs_size=2_000_000)

    first, second = send("GET", f"/executions/{row.public_id}").json()["taskRunList"]

    assert first["outputs"] == {"x": [1, 2]}
    assert second["outputs"] == {"uri": uri}


def test_an_execution_that_is_not_there_is_not_found(send: Any) -> None:
    response = send("GET", "/executions/nowhere")

    assert response.status_code == 404
    assert response.json()["message"].startswith("Not Found: Execution 'nowhere'")


# ---- search -------------------------------------------------------------------------------------
def test_a_search_shows_the_newest_first_with_task_runs_but_no_outputs(send: Any) -> None:
    old = an_execution()
    new = an_execution(start=START + timedelta(hours=1))
    a_task_run(new, outputs={"a": 1}, outputs_size=7)

    response = send("GET", "/executions/search")

    assert ids(response) == [new.public_id, old.public_id]
    assert response.json()["total"] == 2
    (run,) = response.json()["results"][0]["taskRunList"]
    assert (run["taskId"], run["outputs"]) == ("greet", None)


@pytest.mark.parametrize("number", [1, 30])
def test_a_search_costs_the_same_queries_for_any_number_of_executions(
    send: Any, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        a_task_run(an_execution())
    send("GET", "/executions/search")

    with django_assert_num_queries(3):  # the caller, the page, its task runs
        send("GET", "/executions/search?size=100")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("namespace=company", "ab"),
        ("filters[namespace][EQUALS]=company", ""),
        ("filters[namespace][PREFIX]=company", "ab"),
        ("flowId=hello", "ac"),
        ("state=FAILED&state=RUNNING", "bc"),
        ("filters[state][IN]=FAILED,RUNNING", "bc"),
        ("filters[state][NOT_IN]=FAILED", "ac"),
        ("labels=team:a:b", "a"),
        ("filters[labels][EQUALS][team]=a:b", "a"),
        ("filters[labels][NOT_EQUALS][team]=a:b", "bc"),
        ("q=OTH", "b"),
        ("startDate=2026-03-01T10:30:00Z", "b"),
        ("filters[startDate][LESS_THAN]=2026-03-01T10:30:00%2B00:00", "ac"),
        ("endDate=2026-03-01T10:30:00Z", "ac"),
        ("triggerExecutionId=parent", "c"),
        ("childFilter=CHILD", "c"),
        ("filters[childFilter][EQUALS]=MAIN", "ab"),
        ("scope=SYSTEM", "c"),
        ("filters[kind][EQUALS]=DEFAULT", "ac"),
        ("filters[or][0][flowId][EQUALS]=other&filters[or][1][state][EQUALS]=RUNNING", "bc"),
        ("sort=id:desc", "cba"),
        ("sort=state.duration:desc", "abc"),
        ("sort=flowId:desc&sort=id:desc", "bca"),
        ("size=2&sort=id:asc", "ab"),
        ("size=2&sort=id:asc&page=2", "c"),
    ],
)
def test_executions_are_found_by(send: Any, query: str, expected: str) -> None:
    an_execution(public_id="a", labels=[{"key": "team", "value": "a:b"}])
    an_execution(
        State.FAILED,
        public_id="b",
        flow_id="other",
        start=START + timedelta(hours=1),
        ended_at=START + timedelta(hours=1, seconds=1),
        kind="TEST",
    )
    an_execution(
        State.RUNNING, public_id="c", namespace="system", trigger_execution_id="parent",
        started_at=START, ended_at=START,
    )  # fmt: skip

    response = send("GET", f"/executions/search?{query}")

    found = ids(response)
    assert "".join(found if "sort" in query else sorted(found)) == expected


@pytest.mark.parametrize(
    "query",
    ["sort=id", "sort=nothing:asc", "page=0", "filters[x][EQUALS]=1", "state=NONE", "size=x"],
)
def test_a_search_that_makes_no_sense_is_refused(send: Any, query: str) -> None:
    assert send("GET", f"/executions/search?{query}").status_code == 422


def test_executions_of_one_flow(send: Any) -> None:
    row = an_execution()
    an_execution(flow_id="other")

    assert ids(send("GET", "/executions?namespace=company.team&flowId=hello")) == [row.public_id]
    assert send("GET", "/executions?namespace=company.team").status_code == 400


def test_the_latest_execution_of_each_flow(send: Any) -> None:
    an_execution()
    new = an_execution(State.FAILED, start=START + timedelta(hours=1))
    other = an_execution(flow_id="other")
    an_execution(flow_id="third")

    response = send(
        "POST",
        "/executions/latest",
        [{"namespace": "company.team", "id": name} for name in ("hello", "other", "none")],
    )

    assert response.json() == [
        {
            "id": row.public_id,
            "flowId": row.flow_id,
            "namespace": "company.team",
            "startDate": row.started_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "status": row.state,
        }
        for row in (new, other)
    ]


def test_distinct_values_of_a_field(send: Any) -> None:
    for state in (State.SUCCESS, State.FAILED, State.SUCCESS):
        an_execution(state)

    def get(query: str) -> Any:
        return send("GET", f"/executions/distinct-field-values?{query}")

    assert get("field=state").json() == ["FAILED", "SUCCESS"]
    assert get("field=state&size=1").json() == ["FAILED"]
    assert get("field=state&filters[state][NOT_EQUALS]=FAILED").json() == ["SUCCESS"]
    assert get("field=inputs").status_code == 422
    assert get("").status_code == 400


# ---- flows of executions ------------------------------------------------------------------------
def test_the_flow_of_an_execution_shows_its_structure_only(save_flow: Any, send: Any) -> None:
    save_flow(flow())
    row = an_execution()

    shape = send("GET", f"/executions/{row.public_id}/flow").json()

    assert shape == send("GET", "/executions/flows/company.team/hello").json()
    assert shape["tasks"] == [{"id": "greet", "type": "io.kestra.plugin.core.log.Log"}]
    assert (shape["id"], shape["revision"], shape["disabled"]) == ("hello", 1, False)


def test_namespaces_and_flows_that_can_be_executed(save_flow: Any, send: Any) -> None:
    save_flow(flow())
    save_flow(flow("off", "company.off", more="disabled: true\n"))

    assert send("GET", "/executions/namespaces").json() == ["company.team"]
    flows = send("GET", "/executions/namespaces/company.team/flows").json()
    assert [each["id"] for each in flows] == ["hello"]


def test_the_graph_of_an_execution_has_its_task_runs(save_flow: Any, send: Any) -> None:
    save_flow(flow())
    row = an_execution()
    run = a_task_run(row)

    nodes = send("GET", f"/executions/{row.public_id}/graph").json()["nodes"]

    (node,) = [each for each in nodes if "taskRun" in each]
    assert (node["uid"], node["taskRun"]["id"]) == ("root.greet", run.public_id)


# ---- kill ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("path", "status"), [("kill", 202), ("actions/kill", 200)])
def test_a_kill_is_asked_of_the_engine(send: Any, path: str, status: int) -> None:
    row = an_execution(State.RUNNING)

    response = send("DELETE", f"/executions/{row.public_id}/{path}?isOnKillCascade=false")

    assert (response.status_code, response.json()["id"]) == (status, row.public_id)
    request = InboxRow.objects.get()
    assert (request.execution_id, request.kind) == (row.public_id, "KILL")
    assert request.payload == {"cascade": False}
    assert AuditEntry.objects.get(resource="EXECUTION").detail["action"] == "KILL"


def test_what_has_ended_cannot_be_killed(send: Any) -> None:
    row = an_execution()

    response = send("DELETE", f"/executions/{row.public_id}/kill")

    assert response.status_code == 409
    assert response.json()["message"].startswith("Illegal state: ")
    assert not InboxRow.objects.exists()


def test_many_are_killed_or_none(send: Any) -> None:
    running, ended = an_execution(State.RUNNING), an_execution()

    refused = send(
        "DELETE", "/executions/kill/by-ids", [running.public_id, ended.public_id, "none"]
    )
    assert refused.status_code == 400
    assert refused.json()["message"] == "invalid bulk kill"
    assert {each["invalidValue"] for each in refused.json()["invalids"]} == {
        ended.public_id, "none",
    }  # fmt: skip
    assert not InboxRow.objects.exists()

    done = send("DELETE", "/executions/kill/by-ids", [running.public_id])
    assert done.status_code == 200
    assert (done.json()["count"], done.json()["totalItems"]) == (1, 1)
    assert InboxRow.objects.get().execution_id == running.public_id


def test_a_kill_by_query_takes_those_that_have_not_ended(send: Any) -> None:
    running = an_execution(State.RUNNING)
    an_execution(State.RUNNING, flow_id="other")
    an_execution()

    response = send("DELETE", "/executions/kill/by-query?flowId=hello")

    assert response.json()["count"] == 1
    assert InboxRow.objects.get().execution_id == running.public_id


# ---- labels -------------------------------------------------------------------------------------
def test_labels_replace_those_that_users_gave(send: Any) -> None:
    row = an_execution(
        labels=[{"key": "old", "value": "x"}, {"key": "system.correlationId", "value": "c"}]
    )

    response = send("POST", f"/executions/{row.public_id}/labels", [{"key": "a", "value": "b"}])

    expected = [{"key": "a", "value": "b"}, {"key": "system.correlationId", "value": "c"}]
    assert response.json()["labels"] == expected
    row.refresh_from_db()
    assert row.labels == expected


def test_labels_are_refused(send: Any) -> None:
    ended, running = an_execution(), an_execution(State.RUNNING)

    def post(row: Execution, labels: Any) -> int:
        return int(send("POST", f"/executions/{row.public_id}/labels", labels).status_code)

    assert post(running, [{"key": "a", "value": "b"}]) == 409
    assert post(ended, [{"key": "system.a", "value": "b"}]) == 422
    assert post(ended, [{"key": "system.correlationId", "value": "b"}]) == 422
    assert post(ended, [{"key": "a"}]) == 422
    assert send("POST", "/executions/nowhere/actions/labels", []).status_code == 404


def test_labels_of_many(send: Any) -> None:
    rows = [an_execution(), an_execution()]
    running = an_execution(State.RUNNING)
    labels = [{"key": "a", "value": "b"}]

    def by_ids(*executions: Execution) -> Any:
        body = {
            "executionsId": [row.public_id for row in executions],
            "executionLabels": labels,
        }
        return send("POST", "/executions/labels/by-ids", body)

    assert by_ids(*rows, running).status_code == 400
    assert by_ids(rows[0]).json()["count"] == 1
    assert send("POST", "/executions/labels/by-query?flowId=hello", labels).json()["count"] == 2
    labelled = send("GET", "/executions/search?labels=a:b")
    assert sorted(ids(labelled)) == sorted(row.public_id for row in rows)


def test_the_owner_of_an_execution_that_is_still_open_learns_its_labels(send: Any) -> None:
    row = an_execution(is_open=True)

    send("POST", f"/executions/{row.public_id}/labels", [{"key": "a", "value": "b"}])

    request = InboxRow.objects.get()
    assert request.kind == "LABELS"
    assert request.payload["labels"][0] == ["a", "b"]


# ---- deletion -----------------------------------------------------------------------------------
def with_everything(**changes: Any) -> Execution:
    row = an_execution(**changes)
    run = a_task_run(row)
    an_attempt(run)
    a_line(row)
    a_metric(row)
    storage_of(tenant="main").put("main", folder_of(row).child("a.txt"), b"x")
    return row


def left() -> list[int]:
    return [model.objects.count() for model in (Execution, TaskRun, Attempt, LogEntry, Metric)]


def has_files(row: Execution) -> bool:
    return storage_of(tenant="main").exists("main", folder_of(row).child("a.txt"))


def test_a_deleted_execution_leaves_nothing(
    send: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row = with_everything()

    with django_capture_on_commit_callbacks(execute=True):
        response = send("DELETE", f"/executions/{row.public_id}")

    assert (response.status_code, response.content) == (204, b"")
    assert left() == [0, 0, 0, 0, 0]
    assert not has_files(row)
    assert AuditEntry.objects.get(resource="EXECUTION").type == "DELETE"


def test_a_deletion_keeps_what_it_is_told_to(
    send: Any, django_capture_on_commit_callbacks: Any
) -> None:
    row = with_everything()
    query = "deleteLogs=false&deleteMetrics=false&deleteStorage=false"

    with django_capture_on_commit_callbacks(execute=True):
        send("DELETE", f"/executions/{row.public_id}?{query}")

    assert left() == [0, 0, 0, 1, 1]
    assert has_files(row)


def test_what_runs_is_hidden_and_killed(send: Any) -> None:
    row = an_execution(State.RUNNING)

    assert send("DELETE", f"/executions/{row.public_id}").status_code == 204

    assert send("GET", f"/executions/{row.public_id}").status_code == 404
    assert ids(send("GET", "/executions/search")) == []
    assert InboxRow.objects.get().kind == "KILL"
    assert Execution.objects.get().deleted


def test_many_are_deleted_or_none(send: Any) -> None:
    ended, running = an_execution(), an_execution(State.RUNNING)
    both = [ended.public_id, running.public_id]

    assert send("DELETE", "/executions/by-ids", both).status_code == 400
    assert Execution.objects.count() == 2
    assert send("DELETE", "/executions/by-query").json()["count"] == 1
    assert Execution.objects.get().public_id == running.public_id
    forced = send("DELETE", "/executions/by-ids?includeNonTerminated=true", both[1:])
    assert forced.json()["count"] == 1
    assert Execution.objects.get().deleted
