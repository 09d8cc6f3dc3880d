from typing import Any

import pytest
from django.test import Client

from tests.tenants.fake_gate import FakeGate

pytestmark = pytest.mark.django_db
BASE = "/api/v1/tenants"

FULL = {
    "id": "unit_test",
    "name": "Unit tests",
    "workerGroup": {"key": "gpu"},
    "storageType": "s3",
    "storageConfiguration": {"bucket": "b"},
    "storageIsolation": {"enabled": True, "deniedServices": ["EXECUTOR"]},
    "secretType": "vault",
    "secretConfiguration": {"token": "hush"},
    "secretReadOnly": False,
    "requireExistingNamespace": True,
    "outputsInInternalStorage": True,
    "appCatalogConfig": {"title": "Apps"},
}


def _post(api: Client, body: Any) -> Any:
    return api.post(BASE, body, content_type="application/json")


def test_a_tenant_comes_back_as_it_was_sent(api: Client) -> None:
    created = _post(api, FULL)

    assert created.status_code == 200
    assert created.json() == api.get(f"{BASE}/unit_test").json() == {**FULL, "deleted": False}


@pytest.mark.parametrize("name", ["flows", "Upper", "", "a.b"])
def test_an_id_that_cannot_be_a_tenants_is_422(api: Client, name: str) -> None:
    response = _post(api, {"id": name, "name": "n"})

    assert response.status_code == 422
    assert response.json()["_embedded"]["errors"][0]["path"] == "id"


def test_a_tenant_is_changed_and_deleted(api: Client) -> None:
    _post(api, FULL)

    changed = api.put(f"{BASE}/unit_test", {"name": "New"}, content_type="application/json")
    deleted = api.delete(f"{BASE}/unit_test")

    assert changed.json() == {
        "id": "unit_test",
        "name": "New",
        "deleted": False,
        "requireExistingNamespace": False,
    }
    assert deleted.status_code == 204
    assert api.get(f"{BASE}/unit_test").status_code == 404


def test_tenants_are_searched(api: Client) -> None:
    for tenant in ("one", "two"):
        _post(api, {"id": tenant, "name": tenant.title()})

    every = api.get(f"{BASE}/search?sort=id:desc").json()
    found = api.get(f"{BASE}/search?q=ONE").json()

    assert [item["id"] for item in every["results"]] == ["two", "one"]
    assert ([item["id"] for item in found["results"]], found["total"]) == (["one"], 1)


def test_only_super_admins_may(api: Client, gate: type[FakeGate]) -> None:
    gate.granted = {}

    assert _post(api, FULL).status_code == 403
    for path in (f"{BASE}/search", f"{BASE}/main"):
        assert api.get(path).status_code == 403
