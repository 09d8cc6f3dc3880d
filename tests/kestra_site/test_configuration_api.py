"""What clients ask a server about itself."""

from typing import Any

import pytest

from kestra_site.api.urls import instance_urls, tenant_urls
from rest.permissions import undeclared_routes
from tests.support.fixtures import anonymous, client_for, super_client  # noqa: F401  # fixtures


@pytest.fixture
def configuration(super_client: Any) -> Any:  # noqa: F811  # the fixture
    return super_client.get("/api/v1/configs").json()


def test_every_route_declares_its_permission() -> None:
    assert undeclared_routes([*tenant_urls, *instance_urls]) == []


def test_the_version_is_one_of_the_line_that_clients_know(configuration: Any) -> None:
    assert configuration["version"].startswith("0.20.")


def test_configuration_has_what_clients_read(configuration: Any) -> None:
    assert configuration["preview"]["initial"] < configuration["preview"]["max"]
    assert configuration["systemNamespace"] == "system"
    assert configuration["isBasicAuthInitialized"] is True
    assert configuration["isAnonymousUsageEnabled"] is False
    assert "local" in [item["id"] for item in configuration["supportedStorages"]]
    assert None not in configuration.values()


def test_configuration_is_the_same_with_a_tenant_in_the_address(
    super_client: Any,  # noqa: F811  # the fixture
    configuration: Any,
) -> None:
    assert super_client.get("/api/v1/main/configs").json() == configuration


def test_configuration_tells_no_key(configuration: Any, settings: Any) -> None:
    text = str(configuration)

    assert settings.SECRET_KEY not in text
    assert settings.KESTRA_COOKIE_KEY not in text


def test_the_id_of_an_installation_depends_on_its_key(
    super_client: Any,  # noqa: F811  # the fixture
    configuration: Any,
    settings: Any,
) -> None:
    settings.SECRET_KEY = "another"

    assert super_client.get("/api/v1/configs").json()["uuid"] != configuration["uuid"]


@pytest.mark.parametrize("path", ["configs", "main/configs", "license-info", "pebble/filters"])
def test_strangers_are_told_nothing(anonymous: Any, path: str) -> None:  # noqa: F811  # the fixture
    assert anonymous.get(f"/api/v1/{path}").status_code == 401


def test_strangers_are_told_how_to_sign_in(anonymous: Any) -> None:  # noqa: F811  # the fixture
    assert anonymous.get("/api/v1/configs/login").json() == {"isBasicAuthInitialized": False}
    assert anonymous.get("/api/v1/auths").json() == {
        "loginPassword": True,
        "mailsEnabled": False,
        "passwordless": False,
        "oauths": [],
    }


@pytest.mark.parametrize(("password", "status"), [("Root!1234", 204), ("short", 422), ("", 422)])
def test_a_password_can_be_held_against_the_rule(
    anonymous: Any,  # noqa: F811  # the fixture
    password: str,
    status: int,
) -> None:
    answer = anonymous.generic(
        "POST", "/api/v1/validate-password", password, content_type="text/plain"
    )

    assert answer.status_code == status
    assert not password or password not in answer.content.decode()


def test_the_licence_never_ends(super_client: Any) -> None:  # noqa: F811  # the fixture
    answer = super_client.get("/api/v1/license-info").json()

    assert (answer["type"], answer["expired"]) == ("Apache-2.0", False)


def test_names_of_the_language_can_be_listed(super_client: Any) -> None:  # noqa: F811  # the fixture
    functions = super_client.get("/api/v1/pebble/functions").json()

    assert "upper" in super_client.get("/api/v1/pebble/filters").json()
    assert {"name": "namespace"} in next(
        item["arguments"] for item in functions if item["name"] == "kv"
    )
