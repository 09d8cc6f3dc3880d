"""`{T}/flows`, `{T}/flows/{namespace}[/{id}]`."""

from typing import Any

import pytest

from tests.flows.sources import flow


def test_a_created_flow_is_answered_with_its_source(send: Any) -> None:
    source = flow(more="labels: {team: data}\ninputs:\n  - {name: a, type: STRING}\n")

    response = send("POST", "/flows", source)

    body = response.json()
    assert response.status_code == 200
    updated = body.pop("updated")
    assert updated.endswith("Z")
    assert body == {
        "tenantId": "main",
        "id": "hello",
        "namespace": "company.team",
        "revision": 1,
        "labels": [{"key": "team", "value": "data"}],
        "inputs": [{"id": "a", "type": "STRING", "required": True}],
        "tasks": [{"id": "greet", "type": "io.kestra.plugin.core.log.Log", "message": "hi"}],
        "disabled": False,
        "deleted": False,
        "draft": False,
        "source": source,
    }


@pytest.mark.parametrize("kind", ["application/x-yaml", "application/yaml", "text/yaml", ""])
def test_yaml_may_have_any_name(super_client: Any, kind: str) -> None:
    response = super_client.generic("POST", "/api/v1/flows", flow(), content_type=kind)

    assert response.json()["source"] == flow()


def test_json_is_taken_and_the_source_is_made(super_client: Any) -> None:
    body = {
        "id": "hello",
        "namespace": "company.team",
        "tenantId": "main",
        "deleted": False,
        "description": None,
        "tasks": [{"id": "t", "type": "io.kestra.plugin.core.log.Log", "message": "on\ntwo"}],
    }

    response = super_client.json("POST", "/api/v1/main/flows", body)

    assert response.json()["source"] == (
        "id: hello\nnamespace: company.team\ntasks:\n- id: t\n"
        "  type: io.kestra.plugin.core.log.Log\n  message: |-\n    on\n    two\n"
    )
    path = "/api/v1/main/flows/company.team/hello"
    assert super_client.json("PUT", path, response.json()).json()["revision"] == 1
    changed = {**response.json(), "description": "new"}
    assert super_client.json("PUT", path, changed).json()["description"] == "new"


def test_faults_are_told_with_their_places(send: Any) -> None:
    response = send("POST", "/flows", flow(more="colour: red\n"))

    assert response.status_code == 422
    assert response.json()["message"].startswith("Invalid entity: colour: unknown property")
    [error] = response.json()["_embedded"]["errors"]
    assert (error["path"], error["line"], error["column"]) == ("colour", 7, 1)


def test_what_the_api_adds_has_no_place_in_yaml(send: Any) -> None:
    response = send("POST", "/flows", flow(more="source: x\n"))

    assert response.status_code == 422


def test_an_id_that_is_taken_is_told(send: Any) -> None:
    send("POST", "/flows", flow())

    response = send("POST", "/flows", flow())

    assert response.status_code == 422
    assert response.json()["message"] == "Invalid entity: flow.id: Flow id already exists"


def test_the_source_comes_only_when_asked_for(send: Any) -> None:
    send("POST", "/flows", flow())

    assert "source" not in send("GET", "/flows/company.team/hello").json()
    assert send("GET", "/flows/company.team/hello?source=true").json()["source"] == flow()


def test_older_and_deleted_revisions_can_be_asked_for(send: Any) -> None:
    send("POST", "/flows", flow())
    send("PUT", "/flows/company.team/hello", flow(more="description: new\n"))
    path = "/flows/company.team/hello"

    assert "description" not in send("GET", f"{path}?revision=1").json()
    assert send("GET", f"{path}?revision=3").status_code == 404
    assert send("GET", f"{path}?revision=x").status_code == 422
    assert send("DELETE", path).status_code == 204
    assert send("GET", path).status_code == 404
    assert send("GET", f"{path}?allowDeleted=true").json()["deleted"] is True
    listed = send("GET", f"{path}/revisions?allowDelete=true").json()
    assert [item["revision"] for item in listed] == [1, 2, 3]
    assert "source" in listed[0]


def test_a_flow_that_is_not_there_is_404_before_its_body_is_read(send: Any) -> None:
    assert send("PUT", "/flows/company.team/none", "id: [").status_code == 404
    assert send("DELETE", "/flows/company.team/none").status_code == 404


def test_revisions_can_be_deleted(send: Any) -> None:
    send("POST", "/flows", flow())
    send("PUT", "/flows/company.team/hello", flow(more="description: new\n"))
    path = "/flows/company.team/hello/revisions"

    assert send("DELETE", path).status_code == 400
    assert send("DELETE", f"{path}?revisions=2").status_code == 422
    assert send("DELETE", f"{path}?revisions=1").status_code == 200
    assert [item["revision"] for item in send("GET", path).json()] == [2]


def test_a_task_is_answered_as_the_source_has_it(send: Any) -> None:
    send("POST", "/flows", flow())

    task = send("GET", "/flows/company.team/hello/tasks/greet").json()

    assert task == {"id": "greet", "type": "io.kestra.plugin.core.log.Log", "message": "hi"}
    assert send("GET", "/flows/company.team/hello/tasks/none").status_code == 404


def test_flows_of_a_namespace_are_a_plain_list(send: Any) -> None:
    send("POST", "/flows", flow("b"))
    send("POST", "/flows", flow("a"))
    send("POST", "/flows", flow("c", "company.team.below"))

    assert [item["id"] for item in send("GET", "/flows/company.team").json()] == ["a", "b"]


def test_updates_of_a_namespace_answer_what_was_written_and_deleted(send: Any) -> None:
    send("POST", "/flows", flow("old"))

    told = send("POST", "/flows/company.team", flow("new")).json()

    assert [(item["id"], item["deleted"]) for item in told] == [("new", False), ("old", True)]
    kept = send("POST", "/flows/company.team?delete=false", flow("newer")).json()
    assert [item["id"] for item in kept] == ["newer"]


def test_bulk_updates_take_several_documents(send: Any) -> None:
    told = send("POST", "/flows/bulk?delete=false", f"{flow('a')}---\n{flow('b', 'other')}").json()

    assert [(item["namespace"], item["id"]) for item in told] == [
        ("company.team", "a"),
        ("other", "b"),
    ]


def test_a_trailing_slash_and_the_default_tenant_change_nothing(super_client: Any) -> None:
    super_client.generic("POST", "/api/v1/flows/", flow(), content_type="application/x-yaml")

    assert super_client.get("/api/v1/main/flows/company.team/hello/").status_code == 200


def test_another_tenant_sees_nothing(send: Any, client_for: Any) -> None:
    send("POST", "/flows", flow())

    other = client_for("Admin", tenant="second")

    assert other.get("/api/v1/second/flows/company.team/hello").status_code == 404
    assert other.get("/api/v1/main/flows/company.team/hello").status_code == 403
    assert other.get("/api/v1/second/flows/search").json() == {"results": [], "total": 0}
