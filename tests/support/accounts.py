"""Users, roles and signed-in clients for tests of views; see `tests.support.fixtures`."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.test import Client

from common import json
from common.actor import SYSTEM, Actor
from common.tenancy import DEFAULT_TENANT, tenant_scope
from rbac import authentication, passwords, rights
from rbac.authentication import identity_of_user
from rbac.models import User
from rbac.services import (
    create_api_token,
    create_binding,
    create_managed_roles,
    create_role,
    create_user,
    grant_tenant_access,
)
from rest.directory import tenant_directory

Permissions = Mapping[str, Sequence[str]]
ClientFor = Callable[..., "ApiClient"]
_numbers = itertools.count(1)


class ApiClient(Client):
    """Django's client with an API token in its headers."""

    def __init__(self, user: User | None = None, token: str = "") -> None:
        super().__init__(
            headers={"authorization": f"Bearer {token}"} if token else {},
            raise_request_exception=False,
        )
        self._user = user

    @property
    def user(self) -> User:
        assert self._user is not None, "an anonymous client has no user"
        return self._user

    @property
    def actor(self) -> Actor:
        return identity_of_user(self.user).actor

    def json(self, method: str, path: str, body: Any = None, **extra: Any) -> Any:
        """The response; `response.json()` is the body."""
        data = b"" if body is None else json.dump_bytes(body)
        return self.generic(method, path, data, content_type="application/json", **extra)


def make_tenant(tenant: str) -> str:
    tenant_directory().create_tenant(actor=SYSTEM, id=tenant, name=tenant.title())
    return tenant


def make_user(**values: Any) -> User:
    """Without a password, which would cost time, unless one is given."""
    values.setdefault("username", f"user{next(_numbers)}@example.com")
    return create_user(actor=SYSTEM, **values)


def client_of(user: User) -> ApiClient:
    _, token = create_api_token(actor=SYSTEM, user=user, name=f"test-{next(_numbers)}")
    return ApiClient(user, token)


def give_role(
    user: User, role: str | Permissions, *, tenant: str = DEFAULT_TENANT, namespace: str = ""
) -> None:
    make_tenant(tenant)
    with tenant_scope(tenant):
        if isinstance(role, str):
            row = create_managed_roles(actor=SYSTEM)[role]
        else:
            row = create_role(actor=SYSTEM, name=f"role {next(_numbers)}", permissions=role)
        grant_tenant_access(actor=SYSTEM, user=user)
        create_binding(actor=SYSTEM, role=row, user=user, namespace=namespace)


def forget_everything() -> None:
    """What a process remembers of users who are rolled back with their test."""
    rights.cache.forget()
    authentication.recent.forget()
    passwords.checked_pairs.forget()


def make_client(
    role: str | Permissions | None = None,
    *,
    tenant: str = DEFAULT_TENANT,
    namespace: str = "",
) -> ApiClient:
    """A client of a fresh user who holds that role in the tenant, or nothing."""
    user = make_user()
    if role is not None:
        give_role(user, role, tenant=tenant, namespace=namespace)
    return client_of(user)
