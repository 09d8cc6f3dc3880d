"""Searches over flows."""

from typing import Any

import pytest

from tests.flows.sources import flow


@pytest.fixture
def some(send: Any) -> None:
    send("POST", "/flows", flow("alpha", "company.team", "labels: {team: data, env: prod}\n"))
    send("POST", "/flows", flow("beta", "company.team.below", "labels: {team: data}\n"))
    send("POST", "/flows", flow("gamma", "other", "description: a needle in it\n"))
    send("POST", "/flows", flow("delta", "system"))


def found(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", ["alpha", "beta", "gamma", "delta"]),
        ("q=ALPH", ["alpha"]),
        ("q=needle", ["gamma"]),
        ("namespace=company.team", ["alpha", "beta"]),
        ("labels=team:data&labels=env:prod", ["alpha"]),
        ("scope=SYSTEM", ["delta"]),
        ("scope=USER&scope=SYSTEM", ["alpha", "beta", "gamma", "delta"]),
        ("filters[namespace][EQUALS]=company.team", ["alpha"]),
        ("filters[namespace][PREFIX]=company", ["alpha", "beta"]),
        ("filters[labels][EQUALS][team]=data", ["alpha", "beta"]),
        ("filters[scope][NOT_EQUALS]=SYSTEM", ["alpha", "beta", "gamma"]),
        ("filters[or][0][flowId][EQUALS]=gamma&filters[or][1][flowId][EQUALS]=beta",
         ["beta", "gamma"]),
        ("filters[q][EQUALS]=nothing", []),
    ],
)  # fmt: skip
def test_flows_are_found(send: Any, some: None, query: str, ids: list[str]) -> None:
    assert found(send("GET", f"/flows/search?{query}")) == ids


@pytest.mark.parametrize(
    "query",
    ["filters[colour][EQUALS]=red", "scope=MINE", "sort=id", "sort=colour:asc", "page=0"],
)
def test_what_cannot_be_searched_by_is_422(send: Any, query: str) -> None:
    assert send("GET", f"/flows/search?{query}").status_code == 422


def test_pages_are_sorted_and_counted(send: Any, some: None) -> None:
    response = send("GET", "/flows/search?size=2&page=2&sort=id:desc")

    assert found(response) == ["beta", "alpha"]
    assert response.json()["total"] == 4
    assert "source" not in response.json()["results"][0]


def test_deleted_flows_are_not_found(send: Any, some: None) -> None:
    send("DELETE", "/flows/other/gamma")

    assert "gamma" not in found(send("GET", "/flows/search"))


def test_a_page_takes_few_queries_however_many_flows_it_shows(
    send: Any, some: None, django_assert_max_num_queries: Any
) -> None:
    send("GET", "/flows/search")  # who calls is remembered from now on

    with django_assert_max_num_queries(5) as captured:  # two of them find out who calls
        send("GET", "/flows/search?size=2")

    of_flows = [item for item in captured.captured_queries if "flows_flow" in item["sql"]]
    assert len(of_flows) <= 2


def test_only_what_the_caller_may_list_is_found(send: Any, some: None, client_for: Any) -> None:
    client = client_for({"FLOW": ["READ"]}, namespace="company.team")

    assert found(client.get("/api/v1/main/flows/search")) == ["alpha", "beta"]
    names = client.get("/api/v1/main/flows/distinct-namespaces").json()
    assert names == ["company.team", "company.team.below"]
    assert client.get("/api/v1/main/flows/source?q=hi").json()["total"] == 2
    assert client.get("/api/v1/main/flows/other/gamma").status_code == 403


def test_sources_are_searched_and_hits_marked(send: Any, some: None) -> None:
    body = send("GET", "/flows/source?q=NEEDLE").json()

    [hit] = body["results"]
    assert body["total"] == 1
    assert (hit["namespace"], hit["id"], hit["editable"]) == ("other", "gamma", True)
    assert hit["model"]["id"] == "gamma"
    assert "a [mark]needle[/mark] in it" in hit["fragments"][0]
    assert hit["matches"] == hit["fragments"]


def test_namespaces_with_flows_are_listed_once(send: Any, some: None) -> None:
    send("POST", "/flows", flow("epsilon", "other"))

    assert send("GET", "/flows/distinct-namespaces").json() == [
        "company.team",
        "company.team.below",
        "other",
        "system",
    ]
    assert send("GET", "/flows/distinct-namespaces?q=TEAM").json() == [
        "company.team",
        "company.team.below",
    ]


def test_flows_with_deprecated_types_are_listed(send: Any, some: None) -> None:
    source = flow("old", "legacy").replace("plugin.core.log.Log", "core.tasks.log.Log")
    send("POST", "/flows", source)

    [listed] = send("GET", "/flows/deprecated").json()

    assert (listed["flowId"], listed["revision"]) == ("old", 1)
    assert listed["deprecatedTasks"] == [
        {
            "taskId": "greet",
            "taskType": "io.kestra.core.tasks.log.Log",
            "replacement": "io.kestra.plugin.core.log.Log",
        }
    ]
    assert send("GET", "/flows/deprecated?namespace=other").json() == []
