import pytest
from django.urls import get_resolver, path

from rest.permissions import (
    OPEN,
    SIGNED_IN,
    Permission,
    declaration_of,
    declarations_of_route,
    declare,
    undeclared_routes,
)
from tests.rest import urls_of_tests


def test_words_become_declarations() -> None:
    assert declare("FLOW", "VIEW") == Permission("FLOW", ("VIEW",))
    assert declare("FLOW", ["CREATE", "UPDATE"]) == Permission("FLOW", ("CREATE", "UPDATE"))
    assert declare("FLOW", SIGNED_IN) is SIGNED_IN
    assert declare(OPEN) is OPEN


def test_a_permission_reads_as_a_client_is_told() -> None:
    assert str(declare("KVSTORE", ["CREATE", "UPDATE"])) == "KVSTORE:CREATE or KVSTORE:UPDATE"


@pytest.mark.parametrize(
    ("method", "declared"),
    [
        ("GET", Permission("KVSTORE", ("VIEW",))),
        ("HEAD", Permission("KVSTORE", ("VIEW",))),
        ("DELETE", Permission("FLOW", ("KILL",))),
        ("POST", None),
    ],
)
def test_a_view_declares_by_method(method: str, declared: Permission | None) -> None:
    assert declaration_of(urls_of_tests.KeyView(), method) == declared


def test_the_scan_finds_what_declares_nothing() -> None:
    found = undeclared_routes(urls_of_tests.urlpatterns)

    assert found == [
        "POST api/v1/<str:tenant>/kv/<str:namespace>",
        "GET api/v1/<str:tenant>/undeclared",
        "GET ui/<str:tenant>/page",
    ]


def test_the_scan_sees_view_sets_endpoints_and_addresses_of_several_views() -> None:
    by_path = {str(route.pattern): route for route in urls_of_tests.tenant_urls}

    mixed = declarations_of_route(by_path["executions/<str:namespace>/mixed"].callback)
    started = declarations_of_route(by_path["flows/start"].callback)

    assert mixed == [
        ("GET", Permission("KVSTORE", ("VIEW",))),
        ("POST", Permission("FLOW", ("EXECUTE",))),
    ]
    assert started == [("POST", Permission("FLOW", ("EXECUTE",)))]


def test_a_plain_view_has_no_declaration() -> None:
    assert undeclared_routes([path("x", lambda request: None)]) == ["GET x"]


def test_every_address_of_the_api_declares_who_may_call_it() -> None:
    missing = [route for route in undeclared_routes(get_resolver().url_patterns) if "api/" in route]

    assert [route for route in missing if not route.endswith("api/openapi.yml")] == []
