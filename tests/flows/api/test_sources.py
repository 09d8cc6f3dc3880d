"""What is asked of sources that need not be saved, and import."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.flows.sources import LOG, calling, flow


def test_each_document_has_its_report(send: Any) -> None:
    send("POST", "/flows", flow())
    source = f"{flow(more='revision: 2')}\n---\n{flow('b', more='colour: red')}\n---\nid: [\n"

    good, wrong, unreadable = send("POST", "/flows/validate", source).json()

    assert good == {
        "index": 0,
        "flow": "hello",
        "namespace": "company.team",
        "outdated": False,
        "deprecationPaths": [],
        "warnings": [],
        "infos": [],
    }
    assert (wrong["index"], wrong["flow"]) == (1, "b")
    assert wrong["constraints"] == "colour: unknown property 'colour' at line 7, column 1"
    assert unreadable["constraints"].startswith("Unable to validate the flow: ")


def test_a_revision_that_is_not_the_next_one_is_outdated(send: Any) -> None:
    send("POST", "/flows", flow())

    [report] = send("POST", "/flows/validate", flow(more="revision: 1\n")).json()

    assert report["outdated"] is True
    assert "constraints" not in report


def test_deprecated_types_are_reported(send: Any) -> None:
    source = flow().replace("plugin.core.log.Log", "core.tasks.log.Log")

    [report] = send("POST", "/flows/validate", source).json()

    assert report["deprecationPaths"] == ["tasks[0]"]
    assert LOG in report["warnings"][0]


def test_nothing_at_all_is_reported_too(send: Any) -> None:
    [report] = send("POST", "/flows/validate", "# only words\n").json()

    assert report["constraints"].startswith("Unable to validate the flow: ")


def test_a_task_is_validated_in_yaml_and_json(send: Any, super_client: Any) -> None:
    path = "/flows/validate/task?section=TASKS"

    good = send("POST", path, f"id: a\ntype: {LOG}\nmessage: x\n").json()
    wrong = super_client.json("POST", f"/api/v1/main{path}", {"id": "a", "type": LOG}).json()

    assert "constraints" not in good
    assert "message" in wrong["constraints"]
    assert send("POST", "/flows/validate/task", "id: a").status_code == 400
    assert send("POST", "/flows/validate/task?section=X", "id: a").status_code == 422


def test_expressions_of_a_task_are_looked_at(send: Any) -> None:
    source = f"id: a\ntype: {LOG}\nmessage: '{{{{ a + }}}}'\n"

    report = send("POST", "/flows/validate/task?section=TASKS", source).json()

    assert "line 3, column 1" in report["constraints"]


def test_a_trigger_is_validated(super_client: Any) -> None:
    body = {"id": "a", "type": "io.kestra.plugin.core.trigger.Schedule", "cron": "0 0 * * *"}

    good = super_client.json("POST", "/api/v1/main/flows/validate/trigger", body).json()
    wrong = super_client.json("POST", "/api/v1/main/flows/validate/trigger", {"id": "a"}).json()

    assert "constraints" not in good
    assert "type" in wrong["constraints"]


def test_the_graph_of_a_source_and_of_a_saved_flow_are_the_same(send: Any) -> None:
    send("POST", "/flows", flow())

    drawn = send("POST", "/flows/graph", flow()).json()

    assert drawn == send("GET", "/flows/company.team/hello/graph").json()
    assert [node["uid"] for node in drawn["nodes"]] == ["root.@start", "root.greet", "root.@end"]
    assert drawn["edges"] == [
        {"source": "root.@start", "target": "root.greet"},
        {
            "source": "root.greet",
            "target": "root.@end",
            "relation": {"relationType": "SEQUENTIAL"},
        },
    ]


def test_dependencies_are_nodes_and_edges(send: Any) -> None:
    send("POST", "/flows", calling("parent", "child"))
    send("POST", "/flows", flow("child"))

    body = send("GET", "/flows/company.team/child/dependencies").json()

    assert {node["id"] for node in body["nodes"]} == {"parent", "child"}
    assert body["edges"] == [
        {
            "source": "main_company.team_parent",
            "target": "main_company.team_child",
            "relation": "FLOW_TASK",
        }
    ]
    assert body == send("GET", "/namespaces/company.team/dependencies").json()
    assert send("GET", "/flows/company.team/none/dependencies").status_code == 404


def test_flows_that_the_caller_may_not_see_are_left_out_of_dependencies(
    send: Any, client_for: Any
) -> None:
    source = calling("parent", "child").replace("namespace: company.team\nt", "namespace: top\nt")
    send("POST", "/flows", source)
    send("POST", "/flows", flow("child"))
    client = client_for({"FLOW": ["READ"]}, namespace="company.team")

    body = client.get("/api/v1/main/flows/company.team/child/dependencies").json()

    assert [node["id"] for node in body["nodes"]] == ["child"]
    assert body["edges"] == []


def test_expressions_name_what_is_in_scope(send: Any) -> None:
    source = flow(
        more=f"  - {{id: second, type: {LOG}, message: x}}\n"
        "inputs:\n  - {id: day, type: DATE}\nvariables: {a: 1}\n"
    )

    categories = send("POST", "/flows/expressions?taskId=second", source).json()["categories"]

    assert categories["inputs"] == ["inputs.day"]
    assert categories["variables"] == ["vars.a"]
    assert categories["taskOutputs"] == ["outputs.greet"]
    assert "now" in categories["functions"]
    assert "execution.id" in categories["executionContext"]


def test_expressions_are_told_of_a_flow_that_is_still_being_written(send: Any) -> None:
    source = "id: a\ninputs:\n  - {id: day}\n  -\ntasks:\n  - {id: t, type: }\n  - id: half\n"

    response = send("POST", "/flows/expressions", source)

    assert response.json()["categories"]["inputs"] == ["inputs.day"]
    assert response.json()["categories"]["taskOutputs"] == ["outputs.t"]
    assert send("POST", "/flows/expressions", "id: [").status_code == 422


def upload(client: Any, name: str, content: bytes, query: str = "") -> Any:
    data = {"fileUpload": SimpleUploadedFile(name, content)}
    return client.post(f"/api/v1/main/flows/import{query}", data)


def test_an_import_answers_those_that_failed(super_client: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.yml", flow("a"))
        archive.writestr("b.yml", flow("b", more="colour: red\n"))

    response = upload(super_client, "flows.zip", buffer.getvalue())

    assert (response.status_code, response.json()) == (200, ["b"])
    assert super_client.get("/api/v1/main/flows/company.team/a").status_code == 200


def test_an_import_of_several_documents_in_one_file(super_client: Any) -> None:
    response = upload(super_client, "flows.yaml", f"{flow('a')}---\n{flow('b')}".encode())

    assert response.json() == []
    assert super_client.get("/api/v1/main/flows/search").json()["total"] == 2


@pytest.mark.parametrize(
    ("name", "query", "status"),
    [("flows.txt", "", 422), ("bad.yml", "?failOnError=true", 422), ("bad.yml", "", 200)],
)
def test_imports_that_fail(super_client: Any, name: str, query: str, status: int) -> None:
    assert upload(super_client, name, b"id: [", query).status_code == status
    assert super_client.post("/api/v1/main/flows/import", {}).status_code == 400
