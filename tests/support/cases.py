"""Case classes that an app's tests fill with rows:

    class TestKeyPermissions(PermissionCases):
        rows = [Row("GET", "{T}/namespaces/a/kv/k", "KVSTORE:VIEW", namespace="a")]

    class TestKeyIsolation(IsolationCases):
        rows = [Row("GET", "{T}/namespaces/a/kv/k", "KVSTORE:VIEW")]

`{T}` stands for `/api/v1/main` (and, where a stranger asks, for his own tenant). What a row needs
is made by the class's method `prepare(self)`, which runs inside the tenant `main`. The test's
folder needs the fixtures of `tests.support.fixtures` in its conftest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from common import json
from common.tenancy import DEFAULT_TENANT, tenant_scope
from rbac.vocabulary import every_action
from tests.support.accounts import ApiClient, ClientFor, make_tenant

OPEN, SIGNED_IN, SUPER_ADMIN = "open", "signed in", "super-admin"
OTHER_TENANT = "other"


@dataclass(frozen=True)
class Row:
    """One call. `permission` is `RESOURCE:ACTION`, several of which one is needed with `|`
    between them, or one of the three words above. `status` is what the rightful caller gets."""

    method: str
    path: str
    permission: str = SIGNED_IN
    body: Any = None
    status: int = 200
    namespace: str = ""
    content_type: str = "application/json"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.permission}"

    def send(self, client: ApiClient, tenant: str = DEFAULT_TENANT) -> Any:
        path = self.path.replace("{T}", f"/api/v1/{tenant}")
        data = self.body if isinstance(self.body, bytes | str) else json.dump_bytes(self.body)
        if self.body is None:
            data = b""
        return client.generic(self.method, path, data, content_type=self.content_type)

    @property
    def needed(self) -> list[tuple[str, str]]:
        if ":" not in self.permission:
            return []
        pairs = (text.split(":") for text in self.permission.split("|"))
        return [(resource, action) for resource, action in pairs]


class _Cases:
    rows: ClassVar[Sequence[Row]] = ()

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "row" in metafunc.fixturenames:
            metafunc.parametrize("row", self.rows, ids=str)
        if "guarded_row" in metafunc.fixturenames:
            guarded = [row for row in self.rows if row.permission != OPEN]
            metafunc.parametrize("guarded_row", guarded, ids=str)

    def prepare(self) -> None:
        """What the rows speak of."""

    @pytest.fixture(autouse=True)
    def _prepared(self, db: None) -> None:
        make_tenant(DEFAULT_TENANT)
        with tenant_scope(DEFAULT_TENANT):
            self.prepare()


class PermissionCases(_Cases):
    """Each row with its permission alone, with all others, and without signing in."""

    def test_who_has_the_permission_gets_through(
        self, row: Row, client_for: ClientFor, request: pytest.FixtureRequest
    ) -> None:
        if row.permission == SUPER_ADMIN:
            client = request.getfixturevalue("super_client")
        elif row.permission == OPEN:
            client = ApiClient()
        else:
            given = {resource: [action] for resource, action in row.needed[:1]}
            client = client_for(given, namespace=row.namespace)

        response = row.send(client)

        assert response.status_code == row.status, response.content

    def test_who_lacks_the_permission_is_refused(
        self, guarded_row: Row, client_for: ClientFor
    ) -> None:
        row = guarded_row
        others = every_action()
        for resource, action in row.needed:
            others[resource] = [word for word in others[resource] if word != action]
        stranger = client_for(None if row.permission == SIGNED_IN else others)

        response = row.send(stranger)

        is_of_instance = row.permission == SIGNED_IN and "{T}" not in row.path
        assert response.status_code == (row.status if is_of_instance else 403), response.content

    def test_who_is_not_signed_in_is_sent_away(
        self, guarded_row: Row, anonymous: ApiClient
    ) -> None:
        response = guarded_row.send(anonymous)

        assert response.status_code == 401, response.content


class IsolationCases(_Cases):
    """Each row asked for by the administrator of another tenant, who must not find the object."""

    def test_another_tenants_object_is_not_found(self, row: Row, client_for: ClientFor) -> None:
        stranger = client_for("Admin", tenant=OTHER_TENANT)

        response = row.send(stranger, OTHER_TENANT)

        assert response.status_code == 404, response.content

    def test_another_tenant_cannot_be_entered(self, row: Row, client_for: ClientFor) -> None:
        stranger = client_for("Admin", tenant=OTHER_TENANT)

        response = row.send(stranger)

        assert response.status_code == 403, response.content
