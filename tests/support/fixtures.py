"""Fixtures of signed-in clients. In a `conftest.py`:

    from tests.support.fixtures import anonymous, client_for  # noqa: F401 - fixtures

`client_for("Viewer")`, `client_for({"FLOW": ["VIEW"]}, namespace="a.b", tenant="other")` is a
client of a fresh user with that managed role or those permissions; `client.user` and
`client.actor` are he.
`client.json("POST", "/api/v1/main/roles", {...})` sends JSON; `response.json()` is the answer."""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:  # conftests are read before Django's apps
    from tests.support.accounts import ApiClient, ClientFor


@pytest.fixture
def client_for(db: None, settings: Any) -> "ClientFor":
    from tests.support.accounts import forget_everything, make_client

    settings.KESTRA_DATABASE_THREADS = 0
    forget_everything()
    return make_client


@pytest.fixture
def super_client(client_for: "ClientFor") -> "ApiClient":
    from tests.support.accounts import client_of, make_tenant, make_user

    make_tenant("main")
    return client_of(make_user(is_super_admin=True))


@pytest.fixture
def anonymous(client_for: "ClientFor") -> "ApiClient":
    from tests.support.accounts import ApiClient, make_tenant

    make_tenant("main")
    return ApiClient()
