"""Every address of this app declares its permission, and asks for it."""

from typing import Any

import pytest

from flows.api.urls import instance_urls, tenant_urls
from rest.permissions import undeclared_routes
from tests.flows.sources import flow


def test_every_route_declares_its_permission() -> None:
    assert undeclared_routes([*tenant_urls, *instance_urls]) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/flows"),
        ("POST", "/flows/bulk"),
        ("POST", "/flows/import"),
        ("POST", "/flows/company.team"),
        ("PUT", "/flows/company.team/hello"),
        ("DELETE", "/flows/company.team/hello"),
        ("DELETE", "/flows/company.team/hello/revisions?revisions=1"),
        ("DELETE", "/flows/delete/by-query"),
        ("POST", "/flows/disable/by-query"),
        ("POST", "/flows/enable/by-query"),
    ],
)
def test_readers_change_nothing(client_for: Any, method: str, path: str) -> None:
    client = client_for({"FLOW": ["READ"]})

    response = client.generic(
        method, f"/api/v1/main{path}", flow(), content_type="application/x-yaml"
    )

    assert response.status_code == 403


@pytest.mark.parametrize(
    "path", ["/flows/search", "/flows/company.team/hello", "/flows/source", "/plugins"]
)
def test_nobody_reads_without_signing_in(anonymous: Any, path: str) -> None:
    assert anonymous.get(f"/api/v1/main{path}").status_code == 401


def test_a_flow_is_made_only_where_the_caller_may(client_for: Any) -> None:
    client = client_for({"FLOW": ["CREATE", "READ"]}, namespace="company")

    def create(namespace: str) -> int:
        response = client.generic(
            "POST",
            "/api/v1/main/flows",
            flow("a", namespace),
            content_type="application/x-yaml",
        )
        return int(response.status_code)

    assert create("company.team") == 200
    assert create("other") == 403


def test_replacing_the_flows_of_a_namespace_needs_the_permission_to_delete(
    client_for: Any, send: Any
) -> None:
    send("POST", "/flows", flow("old"))
    client = client_for({"FLOW": ["CREATE", "UPDATE"]}, namespace="company")

    def replace(query: str) -> int:
        response = client.generic(
            "POST",
            f"/api/v1/main/flows/company.team{query}",
            flow("new"),
            content_type="application/x-yaml",
        )
        return int(response.status_code)

    assert replace("") == 403
    assert replace("?delete=false") == 200
    assert send("GET", "/flows/company.team/old").status_code == 200
