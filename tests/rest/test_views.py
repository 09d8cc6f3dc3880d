import logging

import pytest

from tests.support.accounts import ApiClient, ClientFor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest.urls_of_tests")]


def test_the_declared_permission_lets_through(client_for: ClientFor) -> None:
    client = client_for({"KVSTORE": ["VIEW"]})

    response = client.get("/api/v1/kv/a")

    assert response.json() == {"tenant": "main", "actor": client.user.public_id, "namespace": "a"}


def test_another_action_does_not(client_for: ClientFor) -> None:
    response = client_for({"KVSTORE": ["LIST", "UPDATE"]}).get("/api/v1/kv/a")

    assert response.status_code == 403
    assert "KVSTORE:VIEW" in response.json()["message"]


def test_the_namespace_of_the_address_is_checked(client_for: ClientFor) -> None:
    client = client_for({"KVSTORE": ["VIEW"]}, namespace="a")

    assert client.get("/api/v1/kv/a").status_code == 200
    assert client.get("/api/v1/kv/a.b").status_code == 200
    assert client.get("/api/v1/kv/ab").status_code == 403


def test_one_of_several_actions_is_enough_and_the_body_is_checked_by_the_view(
    client_for: ClientFor,
) -> None:
    creator = client_for({"KVSTORE": ["CREATE"]})
    editor = client_for({"KVSTORE": ["UPDATE"]}, namespace="a")

    assert creator.json("PUT", "/api/v1/kv/a", {"namespace": "a"}).status_code == 403
    assert editor.json("PUT", "/api/v1/kv/a", {"namespace": "a.b"}).status_code == 200
    assert editor.json("PUT", "/api/v1/kv/a", {"namespace": "c"}).status_code == 403


def test_what_declares_nothing_is_refused_even_to_a_super_admin(super_client: ApiClient) -> None:
    assert super_client.get("/api/v1/main/undeclared").status_code == 403
    assert super_client.post("/api/v1/kv/a").status_code == 403


def test_a_method_that_is_not_there_is_405(super_client: ApiClient) -> None:
    assert super_client.patch("/api/v1/kv/a").status_code == 405
    assert super_client.options("/api/v1/kv/a").status_code == 405


def test_a_view_set_declares_by_the_names_of_its_actions(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["EXECUTE"]})

    assert client.post("/api/v1/flows/start").json() == {"started": True}
    assert client.get("/api/v1/flows").status_code == 403


def test_without_credentials_401(anonymous: ApiClient) -> None:
    response = anonymous.get("/api/v1/flows")

    assert response.status_code == 401
    assert response.json()["message"] == "Unauthorized"
    assert response["WWW-Authenticate"] == 'Basic realm="kestra"'


def test_an_open_view_does_not_look_at_credentials(client_for: ClientFor) -> None:
    response = ApiClient(token="kst_wrong").json("POST", "/api/v1/setup", {"a": None})

    assert response.json() == {"a": None}


@pytest.mark.parametrize("accept", ["application/yaml", "text/csv", "image/png", ""])
def test_nobody_is_told_that_nothing_is_acceptable(client_for: ClientFor, accept: str) -> None:
    response = ApiClient().json("POST", "/api/v1/setup", {"a": 1}, headers={"accept": accept})

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "odd/thing", ""])
def test_json_is_read_whatever_it_is_called(client_for: ClientFor, content_type: str) -> None:
    response = ApiClient().generic("POST", "/api/v1/setup", b'{"a": 1}', content_type=content_type)

    assert response.json() == {"a": 1}


def test_no_body_is_an_empty_object(client_for: ClientFor) -> None:
    assert ApiClient().generic("POST", "/api/v1/setup").json() == {}


def test_broken_json_is_422(client_for: ClientFor) -> None:
    response = ApiClient().generic("POST", "/api/v1/setup", b"{", content_type="application/json")

    assert response.status_code == 422
    assert response.json()["message"].startswith("Invalid json mapping: ")


@pytest.mark.parametrize(
    "content_type",
    ["application/x-yaml", "application/yaml", "text/yaml; charset=utf-8", "text/plain"],
)
def test_a_source_is_text_as_it_came(client_for: ClientFor, content_type: str) -> None:
    source = "id: a  # ünï\r\n\r\n"

    response = ApiClient().generic(
        "POST", "/api/v1/license", source.encode(), content_type=content_type
    )

    assert response.json() == {"is": "str", "data": source}


def test_a_source_may_be_a_json_object(client_for: ClientFor) -> None:
    response = ApiClient().json("POST", "/api/v1/license", {"id": "a"})

    assert response.json() == {"is": "dict", "data": {"id": "a"}}


def test_a_source_that_is_no_text_is_422(client_for: ClientFor) -> None:
    response = ApiClient().generic("POST", "/api/v1/license", b"\xff\xfe", content_type="text/yaml")

    assert response.status_code == 422


def test_bytes_stay_bytes(client_for: ClientFor) -> None:
    response = ApiClient().generic("POST", "/api/v1/logs", b"\x00\xff", content_type="")

    assert response.json() == {"data": "00ff"}


def test_a_fault_of_ours_is_500_with_an_id_and_no_traceback(
    client_for: ClientFor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="rest.errors"):
        response = ApiClient().get("/api/v1/configs")

    assert response.status_code == 500
    assert response.json()["message"].startswith("Internal server error: error ")
    assert b"ZeroDivisionError" not in response.content
    assert "ZeroDivisionError" in caplog.text
