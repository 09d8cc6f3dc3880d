"""Many flows by ids or by a query."""

import io
import zipfile
from typing import Any

import pytest

from tests.flows.sources import flow


@pytest.fixture
def two(send: Any) -> None:
    send("POST", "/flows", flow("a"))
    send("POST", "/flows", flow("b", "other"))


IDS = [{"namespace": "company.team", "id": "a"}, {"namespace": "other", "id": "b"}]
UNKNOWN = [*IDS, {"namespace": "other", "id": "nobody"}]


def ids_of(super_client: Any) -> list[str]:
    return [item["id"] for item in super_client.get("/api/v1/main/flows/search").json()["results"]]


def names_in(response: Any) -> list[str]:
    assert "attachment" in response["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return archive.namelist()


def test_flows_are_deleted_by_ids(super_client: Any, two: None) -> None:
    response = super_client.json("DELETE", "/api/v1/main/flows/delete/by-ids", IDS)

    assert (response.status_code, response.json()["count"]) == (200, 2)
    assert ids_of(super_client) == []


@pytest.mark.parametrize(
    ("method", "word"), [("DELETE", "delete"), ("POST", "disable"), ("POST", "enable")]
)
def test_an_unknown_id_stops_all(super_client: Any, two: None, method: str, word: str) -> None:
    response = super_client.json(method, f"/api/v1/main/flows/{word}/by-ids", UNKNOWN)

    assert response.status_code == 400
    assert response.json() == {
        "message": f"invalid bulk {word}",
        "invalids": [{"message": "flow not found", "path": "flow.id", "invalidValue": "nobody"}],
    }
    assert ids_of(super_client) == ["a", "b"]


def test_flows_are_deleted_by_query(super_client: Any, two: None) -> None:
    response = super_client.delete("/api/v1/main/flows/delete/by-query?namespace=other")

    assert response.json()["count"] == 1
    assert ids_of(super_client) == ["a"]


def test_flows_are_disabled_and_enabled(super_client: Any, two: None) -> None:
    path = "/api/v1/main/flows"

    assert super_client.json("POST", f"{path}/disable/by-ids", IDS[:1]).json()["count"] == 1
    assert super_client.get(f"{path}/company.team/a").json()["disabled"] is True
    assert super_client.json("POST", f"{path}/enable/by-query").json()["count"] == 2
    assert super_client.get(f"{path}/company.team/a").json()["disabled"] is False
    assert super_client.json("POST", f"{path}/disable/by-query?q=b").json()["count"] == 1
    assert super_client.json("POST", f"{path}/enable/by-ids", IDS).json()["count"] == 2


def test_flows_are_exported(super_client: Any, two: None) -> None:
    by_ids = super_client.json("POST", "/api/v1/main/flows/export/by-ids", IDS)
    by_query = super_client.get("/api/v1/main/flows/export/by-query?namespace=other")

    assert names_in(by_ids) == ["company.team-a.yml", "other-b.yml"]
    assert names_in(by_query) == ["other-b.yml"]


@pytest.mark.parametrize("body", [{}, [{"id": "a"}], ["a"], [{"id": "a", "namespace": 1}]])
def test_bodies_that_name_no_flows_are_422(super_client: Any, body: Any) -> None:
    response = super_client.json("DELETE", "/api/v1/main/flows/delete/by-ids", body)

    assert response.status_code == 422


def test_the_permission_is_asked_in_the_namespace_of_each_flow(
    two: None, client_for: Any, super_client: Any
) -> None:
    client = client_for({"FLOW": ["READ", "DELETE"]}, namespace="other")

    assert client.json("DELETE", "/api/v1/main/flows/delete/by-ids", IDS).status_code == 403
    assert client.json("POST", "/api/v1/main/flows/disable/by-query").status_code == 403
    assert client.delete("/api/v1/main/flows/delete/by-query").json()["count"] == 1
    assert ids_of(super_client) == ["a"]
