"""Who may do what with executions, and that other tenants' executions are not there."""

from typing import Any, ClassVar

import pytest

from common.actor import SYSTEM
from executions.api.urls import tenant_urls
from flows.services import create_flow
from plugins.contracts.state import State
from rest.permissions import undeclared_routes
from storage import layout
from tenants.storages import storage_of
from tests.executions.rows import a_task_run, an_execution
from tests.flows.sources import flow
from tests.support.cases import IsolationCases, PermissionCases, Row

ENDED = "0ended0000000000000000"
RUNNING = "0running00000000000000"
TASK_RUN = "0taskrun00000000000000"
NS = "company.team"
FILE = f"kestra:///company/team/hello/executions/{ENDED}/a.txt"
T = "{T}/executions"
_LABELS = [{"key": "a", "value": "b"}]
_FLOW = [{"namespace": NS, "id": "hello"}]


class _Row(Row):
    """Reads what is streamed to its end, so that files are closed."""

    def send(self, client: Any, tenant: str = "main") -> Any:
        response = super().send(client, tenant)
        if response.streaming and not response.is_async:
            b"".join(response.streaming_content)
        return response


def row(method: str, path: str, permission: str, **more: Any) -> Row:
    return _Row(method, path, f"EXECUTION:{permission}", namespace=NS, **more)


OF_ONE = [
    row("GET", f"{T}/{ENDED}", "VIEW"),
    row("DELETE", f"{T}/{ENDED}", "DELETE", status=204),
    row("DELETE", f"{T}/{RUNNING}/kill", "KILL", status=202),
    row("DELETE", f"{T}/{RUNNING}/actions/kill", "KILL"),
    row("POST", f"{T}/{ENDED}/actions/labels", "CHANGE_LABELS", body=_LABELS),
    row("POST", f"{T}/{ENDED}/actions/eval", "VIEW", body="{{ 1 }}", content_type="text/plain"),
    row("POST", f"{T}/{ENDED}/actions/eval/{TASK_RUN}", "VIEW", body="x"),
    row("POST", f"{T}/{ENDED}/eval/{TASK_RUN}", "VIEW", body="x"),
    row("GET", f"{T}/{ENDED}/file?path={FILE}", "ACCESS_FILES"),
    row("GET", f"{T}/{ENDED}/file/metas?path={FILE}", "ACCESS_FILES"),
    row("GET", f"{T}/{ENDED}/file/preview?path={FILE}&maxRows=10", "ACCESS_FILES"),
    row("GET", f"{T}/{ENDED}/flow", "VIEW"),
    row("GET", f"{T}/{ENDED}/graph", "VIEW"),
    row("GET", f"{T}/{ENDED}/follow", "FOLLOW"),
    row("GET", f"{T}/{ENDED}/follow-dependencies", "FOLLOW"),
    row("GET", f"{{T}}/logs/{ENDED}", "ACCESS_LOGS"),
    row("DELETE", f"{{T}}/logs/{ENDED}", "DELETE"),
    row("GET", f"{{T}}/logs/{ENDED}/download", "ACCESS_LOGS"),
    row("GET", f"{{T}}/logs/{ENDED}/follow", "ACCESS_LOGS"),
    row("GET", f"{{T}}/metrics/{ENDED}", "VIEW"),
    row("GET", f"{{T}}/outputs/{ENDED}", "ACCESS_OUTPUTS"),
    row("GET", f"{{T}}/outputs/{ENDED}/{TASK_RUN}", "ACCESS_OUTPUTS"),
    row("GET", f"{{T}}/outputs/tasks/{ENDED}", "ACCESS_OUTPUTS"),
    row("GET", f"{{T}}/outputs/tasks/{ENDED}/{TASK_RUN}", "ACCESS_OUTPUTS"),
    row("GET", f"{{T}}/outputs/executions/{ENDED}", "ACCESS_OUTPUTS"),
]
OF_FLOWS = [
    Row("POST", f"{T}/{NS}/hello", "FLOW:EXECUTE", namespace=NS),
    Row("POST", f"{T}/trigger/{NS}/hello", "FLOW:EXECUTE", namespace=NS),
    Row("POST", f"{T}/{NS}/hello/validate", "FLOW:EXECUTE", namespace=NS),
    row("GET", f"{T}/flows/{NS}/hello", "VIEW"),
]
OF_MANY = [
    Row("POST", f"{T}/bulk", "FLOW:EXECUTE", body=[]),
    row("GET", f"{T}?namespace={NS}&flowId=hello", "LIST"),
    row("GET", f"{T}/search", "LIST"),
    row("POST", f"{T}/latest", "LIST", body=_FLOW),
    row("GET", f"{T}/namespaces", "LIST"),
    row("GET", f"{T}/namespaces/{NS}/flows", "LIST"),
    row("GET", f"{T}/distinct-field-values?field=state", "LIST"),
    row("DELETE", f"{T}/by-ids", "DELETE", body=[ENDED]),
    row("DELETE", f"{T}/by-query", "DELETE"),
    row("DELETE", f"{T}/kill/by-ids", "KILL", body=[RUNNING]),
    row("DELETE", f"{T}/kill/by-query", "KILL"),
    row(
        "POST",
        f"{T}/labels/by-ids",
        "CHANGE_LABELS",
        body={"executionsId": [ENDED], "executionLabels": _LABELS},
    ),
    row("POST", f"{T}/labels/by-query", "CHANGE_LABELS", body=_LABELS),
    row("GET", "{T}/logs/search", "ACCESS_LOGS"),
    row("DELETE", f"{{T}}/logs/{NS}/hello?triggerId=t", "DELETE"),
    row("GET", f"{{T}}/metrics/names/{NS}/hello", "VIEW"),
    row("GET", f"{{T}}/metrics/names/{NS}/hello/greet", "VIEW"),
    row("GET", f"{{T}}/metrics/tasks/{NS}/hello", "VIEW"),
    row("GET", f"{{T}}/metrics/aggregates/{NS}/hello/rows", "VIEW"),
    row("GET", f"{{T}}/metrics/aggregates/{NS}/hello/greet/rows", "VIEW"),
    row("GET", f"{T}/export/by-query/csv", "EXPORT"),
    Row("GET", "{T}/concurrency-limit/search", "FLOW:LIST", namespace=NS),
    Row("POST", "{T}/stats/summary", "FLOW:LIST", body={}, namespace=NS),
    row("POST", "{T}/stats/executions/daily", "LIST", body={}),
    row("POST", "{T}/stats/executions/daily/group-by-flow", "LIST", body={}),
    row("POST", "{T}/stats/executions/daily/group-by-namespace", "LIST", body={}),
    row("POST", "{T}/stats/executions/latest/group-by-flow", "LIST", body={"flows": _FLOW}),
    row("POST", "{T}/stats/logs/daily", "ACCESS_LOGS", body={}),
    row("POST", "{T}/stats/taskruns/daily", "LIST", body={}),
    row("GET", "{T}/taskruns/search", "LIST"),
    row("GET", "{T}/taskruns/maxTaskRunSetting", "LIST"),
]


class _Prepared:
    def prepare(self) -> None:
        create_flow(actor=SYSTEM, source=flow())
        ended = an_execution(public_id=ENDED)
        a_task_run(ended, public_id=TASK_RUN)
        an_execution(State.RUNNING, public_id=RUNNING)
        folder = layout.execution_folder(NS, "hello", ENDED)
        storage_of(tenant="main").put("main", folder.child("a.txt"), b"hi")


class TestPermissions(_Prepared, PermissionCases):
    rows: ClassVar = [*OF_ONE, *OF_FLOWS, *OF_MANY]


class TestIsolation(_Prepared, IsolationCases):
    rows: ClassVar = [*OF_ONE, *OF_FLOWS]


def test_every_route_declares_its_permission() -> None:
    assert undeclared_routes(tenant_urls) == []


@pytest.mark.usefixtures("tenant")
def test_an_action_and_a_start_at_one_address_ask_for_their_own_permissions(
    client_for: Any,
) -> None:
    an_execution(public_id=ENDED)
    create_flow(actor=SYSTEM, source=flow("labels"))
    labeller = client_for({"EXECUTION": ["CHANGE_LABELS", "VIEW"]})
    starter = client_for({"FLOW": ["EXECUTE", "VIEW"]})

    def post(client: Any, place: str) -> int:
        path = f"/api/v1/main/executions/{place}/labels"
        return int(client.json("POST", path, _LABELS if place == ENDED else None).status_code)

    assert (post(labeller, ENDED), post(labeller, NS)) == (200, 403)
    assert (post(starter, ENDED), post(starter, NS)) == (403, 200)


@pytest.mark.usefixtures("tenant")
def test_what_lies_in_another_namespace_is_refused_or_left_out(client_for: Any) -> None:
    an_execution(public_id=ENDED)
    an_execution(public_id=RUNNING, namespace="company.teams")
    client = client_for({"EXECUTION": ["VIEW", "LIST", "KILL"]}, namespace=NS)

    def get(path: str) -> Any:
        return client.get(f"/api/v1/main/executions{path}")

    assert get(f"/{ENDED}").status_code == 200
    assert get(f"/{RUNNING}").status_code == 403
    assert [each["id"] for each in get("/search").json()["results"]] == [ENDED]
    killed = client.json("DELETE", "/api/v1/main/executions/kill/by-ids", [RUNNING])
    assert killed.status_code == 403
