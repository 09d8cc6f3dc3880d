"""Executions as a table, and how many of a limited flow are under way."""

from datetime import timedelta
from typing import Any

import pytest

from common.tenancy import tenant_scope
from plugins.contracts.state import State
from tests.executions.rows import START, an_execution
from tests.flows.sources import calling, flow

pytestmark = pytest.mark.usefixtures("tenant")

LIMITED = "concurrency: {limit: 2}\n"
CSV = "/executions/export/by-query/csv"


def lines_of(answer: Any) -> list[str]:
    return b"".join(answer.streaming_content).decode().splitlines()


def test_executions_are_exported_as_csv(send: Any) -> None:
    done = an_execution(labels=[{"key": "a", "value": "1"}, {"key": "b", "value": "x,y"}])
    an_execution(State.RUNNING, start=START - timedelta(days=1), trigger_id="nightly")
    an_execution(flow_id="other")

    answer = send("GET", f"{CSV}?flowId=hello")
    heading, newest, oldest = lines_of(answer)

    assert answer.headers["Content-Type"] == "text/csv"
    assert int(answer.headers["Content-Length"]) > 100
    assert heading.startswith("id,namespace,flowId,flowRevision,state,startDate,endDate,duration,")
    assert newest == (
        f"{done.public_id},company.team,hello,1,SUCCESS,2026-03-01T10:00:00.000000Z,"
        '2026-03-01T10:00:02.000000Z,PT2S,"a:1,b:x,y",NORMAL,,'
    )
    assert ",RUNNING,2026-02-28T10:00:00.000000Z,,P" in oldest
    assert oldest.endswith(",NORMAL,nightly,")


def test_the_export_has_what_the_caller_may_export(client_for: Any) -> None:
    an_execution()
    an_execution(namespace="elsewhere")
    client = client_for({"EXECUTION": ["EXPORT"]}, namespace="company")

    assert len(lines_of(client.get(f"/api/v1/main{CSV}"))) == 2
    assert client_for({"EXECUTION": ["VIEW"]}).get(f"/api/v1/main{CSV}").status_code == 403


def test_a_wrong_filter_is_refused_before_the_table_begins(send: Any) -> None:
    assert send("GET", f"{CSV}?filters[x][EQUALS]=1").status_code == 422


def test_flows_with_a_limit_show_what_is_under_way(save_flow: Any, send: Any) -> None:
    save_flow(flow(more=LIMITED))
    save_flow(flow("idle", "elsewhere", LIMITED))
    save_flow(flow("concurrency"))
    an_execution(State.RUNNING)
    an_execution(State.PAUSED)
    an_execution(State.CREATED)
    an_execution(State.SUCCESS)
    an_execution(State.RUNNING, flow_id="concurrency")

    page = send("GET", "/concurrency-limit/search").json()

    assert page["results"] == [
        {"tenantId": "main", "namespace": "company.team", "flowId": "hello", "running": 2},
        {"tenantId": "main", "namespace": "elsewhere", "flowId": "idle", "running": 0},
    ]
    assert page["total"] == 2
    sorted_page = send("GET", "/concurrency-limit/search?sort=running:asc&size=1").json()
    assert [item["flowId"] for item in sorted_page["results"]] == ["idle"]


def test_limits_are_shown_where_the_caller_may_see_the_flow(
    save_flow: Any, client_for: Any
) -> None:
    save_flow(flow(more=LIMITED))
    save_flow(flow("idle", "elsewhere", LIMITED))
    client = client_for({"FLOW": ["LIST"]}, namespace="elsewhere")

    page = client.get("/api/v1/main/concurrency-limit/search").json()

    assert [item["flowId"] for item in page["results"]] == ["idle"]


# ---- addresses that are an action or a start ----------------------------------------------------
@pytest.mark.parametrize("key", ["nowhere", "0nowhere00000000000000"])
@pytest.mark.parametrize(
    ("action", "body"), [("labels", [{"key": "a", "value": "b"}]), ("eval", "{{ 1 }}")]
)
def test_an_action_on_an_unknown_execution_is_not_found(
    send: Any, key: str, action: str, body: Any
) -> None:
    answer = send("POST", f"/executions/{key}/{action}", body)

    assert answer.status_code == 404
    assert answer.json()["message"] == f"Not Found: Execution '{key}' does not exist"


def test_another_tenants_execution_is_not_found_by_its_action(send: Any) -> None:
    with tenant_scope("other"):
        row = an_execution()

    body = [{"key": "a", "value": "b"}]

    assert send("POST", f"/executions/{row.public_id}/labels", body).status_code == 404


def test_the_graph_of_an_execution_shows_subflows_from_within(save_flow: Any, send: Any) -> None:
    save_flow(flow("child"))
    save_flow(calling("hello", "child"))
    row = an_execution()

    body = send("GET", f"/executions/{row.public_id}/graph?subflows=root.call").json()

    assert "root.call.greet" in [node["uid"] for node in body["nodes"]]
