from typing import Any

import pytest
from django.test import Client

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from tenants import services
from tests.tenants.fake_gate import FakeGate

pytestmark = pytest.mark.django_db
BASE = "/api/v1/main/namespaces"

FULL = {
    "id": "company.team",
    "description": "ours",
    "variables": {"b": 1, "a": {"x": [1, None]}},
    "pluginDefaults": [{"type": "io.kestra.a.B", "forced": True, "values": {"x": 1}}],
    "allowedNamespaces": [{"namespace": "friend"}],
    "workerGroup": {"key": "gpu", "fallback": "WAIT"},
    "storageType": "s3",
    "storageConfiguration": {"bucket": "b", "secretKey": "hush"},
    "storageIsolation": {"enabled": True, "deniedServices": ["EXECUTOR"]},
    "secretType": "vault",
    "secretConfiguration": {"token": "hush"},
    "secretIsolation": {"enabled": False},
    "secretReadOnly": True,
    "outputsInInternalStorage": False,
}


def _post(api: Client, path: str, body: Any) -> Any:
    return api.post(path, body, content_type="application/json")


def _put(api: Client, path: str, body: Any) -> Any:
    return api.put(path, body, content_type="application/json")


def test_a_namespace_comes_back_as_it_was_sent(api: Client) -> None:
    created = _post(api, BASE, FULL)
    got = api.get(f"{BASE}/company.team")

    assert created.status_code == 200
    assert created.json() == got.json() == {**FULL, "deleted": False, "tenantId": "main"}
    assert list(got.json()["variables"]) == ["b", "a"]


def test_what_has_no_value_is_left_out(api: Client) -> None:
    created = _post(api, BASE, {"id": "company", "description": None, "unknown": 1})

    assert created.json() == {"id": "company", "tenantId": "main", "deleted": False}


def test_names_stand_for_allowed_namespaces_too(api: Client) -> None:
    created = _post(api, BASE, {"id": "company", "allowedNamespaces": ["friend"]})

    assert created.json()["allowedNamespaces"] == [{"namespace": "friend"}]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "id"),
        ({"id": "Upper"}, "id"),
        ({"id": "a", "variables": []}, "variables"),
        ({"id": "a", "pluginDefaults": [{"values": {}}]}, "pluginDefaults[0]"),
        ({"id": "a", "workerGroup": {"key": "k", "fallback": "X"}}, "workerGroup.fallback"),
        ({"id": "a", "secretReadOnly": "perhaps"}, "secretReadOnly"),
    ],
)
def test_what_is_wrong_is_told_with_its_path(api: Client, body: Any, path: str) -> None:
    response = _post(api, BASE, body)

    assert response.status_code == 422
    assert [item["path"] for item in response.json()["_embedded"]["errors"]] == [path]


def test_a_namespace_that_exists_is_422(api: Client) -> None:
    _post(api, BASE, {"id": "company"})

    assert _post(api, BASE, {"id": "company"}).status_code == 422


def test_a_body_that_is_no_object_is_422(api: Client) -> None:
    assert _post(api, BASE, [1]).status_code == 422
    assert api.post(BASE, "{", content_type="application/json").status_code == 422


def test_a_namespace_is_changed_and_deleted(api: Client) -> None:
    _post(api, BASE, FULL)

    changed = _put(api, f"{BASE}/company.team", {"id": "company.team", "description": "new"})
    deleted = api.delete(f"{BASE}/company.team")

    assert changed.json()["description"] == "new"
    assert "variables" not in changed.json()
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert api.get(f"{BASE}/company.team").status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_a_namespace_that_is_nowhere_is_404(api: Client, method: str) -> None:
    response = getattr(api, method)(f"{BASE}/nowhere", {}, content_type="application/json")

    assert response.status_code == 404


def test_a_namespace_of_flows_only_is_answered_and_can_be_changed(api: Client) -> None:
    with tenant_scope("main"):
        services.ensure_namespace(namespace="company.team")

    got = api.get(f"{BASE}/company.team").json()
    changed = _put(api, f"{BASE}/company.team", {"description": "new"}).json()

    assert got["disabled"] is True
    assert "disabled" not in changed


def test_namespaces_are_searched_with_those_of_flows_or_without(api: Client) -> None:
    _post(api, BASE, {"id": "company.team"})
    with tenant_scope("main"):
        services.ensure_namespace(namespace="other")

    every = api.get(f"{BASE}/search?sort=id:desc").json()
    existing = api.get(f"{BASE}/search?existing=true").json()
    bracketed = api.get(f"{BASE}/search?filters[existingOnly][EQUALS]=true").json()
    found = api.get(f"{BASE}/search?q=TEAM&size=1").json()

    assert [item["id"] for item in every["results"]] == ["other", "company.team", "company"]
    assert existing == bracketed
    assert [item["id"] for item in existing["results"]] == ["company.team"]
    assert found["total"] == 1


def test_a_search_does_not_show_credentials(api: Client) -> None:
    _post(api, BASE, {**FULL, "sdkDefaultAuthentication": {"apiToken": "hush"}})

    assert b"hush" not in api.get(f"{BASE}/search").content


def test_credentials_are_shown_to_those_who_may_change_them(
    api: Client, gate: type[FakeGate]
) -> None:
    _post(api, BASE, FULL)
    gate.granted = {"NAMESPACE:VIEW": {"company"}}
    viewed = api.get(f"{BASE}/company.team")
    gate.granted["NAMESPACE:UPDATE"] = {"company"}
    viewed_then = api.get(f"{BASE}/company.team")

    assert b"hush" not in viewed.content
    assert viewed_then.json()["secretConfiguration"] == {"token": "hush"}


def test_lists_leave_out_what_the_caller_may_not_read(api: Client, gate: type[FakeGate]) -> None:
    for name in ("a.b", "c"):
        _post(api, BASE, {"id": name})
    gate.granted = {"NAMESPACE:LIST": {"a.b"}}

    assert [item["id"] for item in api.get(f"{BASE}/search").json()["results"]] == ["a.b"]
    assert _post(api, f"{BASE}/autocomplete", {}).json() == ["a.b"]


def test_creating_needs_the_permission_in_that_namespace(api: Client, gate: type[FakeGate]) -> None:
    gate.granted = {"NAMESPACE:CREATE": {"company"}}

    assert _post(api, BASE, {"id": "company.team"}).status_code == 200
    assert _post(api, BASE, {"id": "other"}).status_code == 403


def test_names_are_completed(api: Client) -> None:
    for name in ("company.team", "other"):
        _post(api, BASE, {"id": name})

    assert _post(api, f"{BASE}/autocomplete", {"q": "tea"}).json() == ["company.team"]
    assert _post(api, f"{BASE}/autocomplete", {"ids": ["other"]}).json() == ["other"]
    assert _post(api, f"{BASE}/autocomplete", {"existingOnly": True}).json() == [
        "company.team",
        "other",
    ]


def test_inherited_variables_are_a_map_of_parents(api: Client) -> None:
    _post(api, BASE, {"id": "company", "variables": {"a": 1}})
    _post(api, BASE, {"id": "company.team", "variables": {"b": 2}})

    response = api.get(f"{BASE}/company.team.child/inherited-variables")

    assert response.json() == {"company": {"a": 1}, "company.team": {"b": 2}}


def test_a_namespace_of_another_tenant_is_404(api: Client) -> None:
    _post(api, BASE, {"id": "company"})

    assert api.get("/api/v1/other/namespaces/company").status_code == 404


def test_a_slash_at_the_end_changes_nothing(api: Client) -> None:
    services.ensure_tenant(actor=SYSTEM, id="main")

    assert _post(api, f"{BASE}/", {"id": "company"}).status_code == 200
    assert api.get(f"{BASE}/company/").status_code == 200
