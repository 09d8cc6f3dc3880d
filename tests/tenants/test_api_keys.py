from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common.clock import now
from rest.scoping import unscoped
from tenants.models import KeyValue
from tests.tenants.fake_gate import FakeGate

pytestmark = pytest.mark.django_db
BASE = "/api/v1/main/namespaces/company.team/kv"


def _put(api: Client, key: str, body: str, base: str = BASE, **headers: str) -> Any:
    return api.generic("PUT", f"{base}/{key}", body, content_type="", headers=headers)


@pytest.mark.parametrize(
    ("body", "value_type", "value"),
    [
        ("1.5", "NUMBER", 1.5),
        ("2022-05-01", "DATE", "2022-05-01"),
        ("2022-05-01T03:02:01Z", "DATETIME", "2022-05-01T03:02:01Z"),
        ("P3DT3H2M1S", "DURATION", "P3DT3H2M1S"),
        ('"text"', "STRING", "text"),
        ("true", "BOOLEAN", True),
        ('{"b": 1, "a": null}', "JSON", {"b": 1, "a": None}),
    ],
)
@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_a_value_is_put_and_got_whatever_the_content_type(
    api: Client, body: str, value_type: str, value: Any, content_type: str
) -> None:
    put = api.generic("PUT", f"{BASE}/k", body, content_type=content_type)
    got = api.get(f"{BASE}/k").json()

    assert (put.status_code, put.content) == (200, b"")
    assert (got["type"], got["value"], got["revision"]) == (value_type, value, 1)
    assert got["updated"].endswith("Z")


def test_a_form_content_type_changes_nothing(api: Client) -> None:
    response = api.generic(
        "PUT", f"{BASE}/k", '"a=b"', content_type="application/x-www-form-urlencoded"
    )

    assert response.status_code == 200
    assert api.get(f"{BASE}/k").json()["value"] == "a=b"


def test_a_path_without_a_tenant_means_the_default_one(api: Client) -> None:
    _put(api, "k", "1", base="/api/v1/namespaces/company.team/kv")

    assert api.get(f"{BASE}/k").status_code == 200
    assert api.get(f"{BASE.replace('/main/', '/other/')}/k").status_code == 404


@pytest.mark.parametrize("body", ["", "hello world", '{"a":', "null"])
def test_a_body_that_is_no_value_is_422(api: Client, body: str) -> None:
    response = _put(api, "k", body)

    assert response.status_code == 422
    assert response.json()["message"].startswith("Illegal argument: ")


def test_a_body_beyond_the_limit_is_422(api: Client) -> None:
    response = _put(api, "k", '"' + "x" * 1024 * 1024 + '"')

    assert response.status_code == 422


def test_a_missing_key_is_404_with_the_reason(api: Client) -> None:
    response = api.get(f"{BASE}/k")

    assert response.status_code == 404
    assert response.json()["message"] == (
        "Not Found: No value found for key 'k' in namespace 'company.team'"
    )


def test_an_expired_key_is_410(api: Client) -> None:
    _put(api, "k", "1", ttl="PT1H")
    with unscoped():  # the test stands outside the tenant
        KeyValue.objects.update(expiration=now() - timedelta(seconds=1))

    response = api.get(f"{BASE}/k")

    assert response.status_code == 410
    assert response.json()["message"].startswith("Resource has expired: ")
    assert api.get(BASE).json() == []


@pytest.mark.parametrize("ttl", ["tomorrow", "PT0S", "-PT1H"])
def test_a_time_to_live_that_is_none_is_422(api: Client, ttl: str) -> None:
    assert _put(api, "k", "1", ttl=ttl).status_code == 422


def test_keys_of_a_namespace_are_a_plain_list(api: Client) -> None:
    _put(api, "b", "1", ttl="P1D", description="what it is")
    _put(api, "a", "1")

    first, second = api.get(BASE).json()

    assert (first["key"], first["namespace"], first["revision"]) == ("a", "company.team", 1)
    assert "expirationDate" not in first
    assert "description" not in first
    assert second["description"] == "what it is"
    assert {"creationDate", "updateDate", "expirationDate"} <= second.keys()


def test_deleting_one_key_answers_a_bare_boolean(api: Client) -> None:
    _put(api, "k", "1")

    assert api.delete(f"{BASE}/k").content == b"true"
    assert api.delete(f"{BASE}/k").content == b"false"


def test_deleting_many_keys_answers_those_that_were_there(api: Client) -> None:
    _put(api, "a", "1")

    response = api.delete(BASE, {"keys": ["a", "b"]}, content_type="application/json")

    assert response.json() == {"keys": ["a"]}


def test_deleting_many_without_naming_them_is_422(api: Client) -> None:
    assert api.delete(BASE, {}, content_type="application/json").status_code == 422


def test_all_keys_of_the_tenant_are_paged_filtered_and_sorted(api: Client) -> None:
    for namespace, key in (("a", "k1"), ("a.b", "k2"), ("ab", "k3")):
        _put(api, key, "1", base=f"/api/v1/main/namespaces/{namespace}/kv")

    every = api.get("/api/v1/main/kv?size=2&sort=key:desc").json()
    below = api.get("/api/v1/main/kv?namespace=a").json()
    exact = api.get("/api/v1/main/kv?filters[namespace][EQUALS]=a").json()
    found = api.get("/api/v1/kv?q=K3").json()

    assert ([item["key"] for item in every["results"]], every["total"]) == (["k3", "k2"], 3)
    assert [item["key"] for item in below["results"]] == ["k1", "k2"]
    assert [item["key"] for item in exact["results"]] == ["k1"]
    assert [item["key"] for item in found["results"]] == ["k3"]


@pytest.mark.parametrize(
    "query", ["filters[nothing][EQUALS]=1", "sort=key", "sort=x:asc", "page=0"]
)
def test_a_search_that_makes_no_sense_is_422(api: Client, query: str) -> None:
    assert api.get(f"/api/v1/main/kv?{query}").status_code == 422


def test_inherited_keys_are_those_of_the_parents(api: Client) -> None:
    _put(api, "far", "1", base="/api/v1/main/namespaces/company/kv")
    _put(api, "own", "1")

    found = api.get(f"{BASE}/inheritance").json()

    assert [(item["namespace"], item["key"]) for item in found] == [("company", "far")]


def test_creating_and_changing_are_two_permissions(api: Client, gate: type[FakeGate]) -> None:
    gate.granted = {"KVSTORE:CREATE": {"company"}}
    created = _put(api, "k", "1")
    changed = _put(api, "k", "2")
    gate.granted = {"KVSTORE:UPDATE": {"company"}}
    changed_then = _put(api, "k", "2")
    created_then = _put(api, "other", "1")

    assert (created.status_code, changed.status_code) == (200, 403)
    assert (changed_then.status_code, created_then.status_code) == (200, 403)


def test_lists_leave_out_what_the_caller_may_not_read(api: Client, gate: type[FakeGate]) -> None:
    for namespace in ("a", "a.b", "c"):
        _put(api, "k", "1", base=f"/api/v1/main/namespaces/{namespace}/kv")
    gate.granted = {"KVSTORE:LIST": {"a.b", "c"}}

    every = api.get("/api/v1/main/kv").json()
    inherited = api.get("/api/v1/main/namespaces/a.b/kv/inheritance").json()

    assert [item["namespace"] for item in every["results"]] == ["a.b", "c"]
    assert every["total"] == 2
    assert inherited == []
    assert api.get("/api/v1/main/namespaces/a/kv").status_code == 403


@pytest.mark.parametrize("key", ["%20k", "k%5Cb", "%C3%A4", "k" * 300])
def test_a_key_that_is_no_name_is_422(api: Client, key: str) -> None:
    assert _put(api, key, "1").status_code == 422


@pytest.mark.parametrize("namespace", ["Upper", "a..b", "a._files"])
def test_a_namespace_that_is_none_is_422(api: Client, namespace: str) -> None:
    base = f"/api/v1/main/namespaces/{namespace}/kv"

    assert _put(api, "k", "1", base=base).status_code == 422
    assert api.get(base).status_code == 422
