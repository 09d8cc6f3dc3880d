from typing import Any

import pytest

from audit.models import AuditEntry
from common.actor import SYSTEM, Actor
from common.errors import Conflict, Invalid
from common.tenancy import tenant_scope
from rest.directory import tenant_directory
from tenants import hooks, queries, services
from tenants.documents import NamespaceValues, TenantValues
from tenants.errors import TenantNotFound
from tenants.models import KeyValue, Namespace, Tenant
from tenants.values import value_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the other apps were told."""
    told: list[Any] = []
    monkeypatch.setattr(hooks, "_tenant_parts", {})

    def remove(tenant: str) -> int:
        told.append(("deleted", tenant))
        return 3

    hooks.register_tenant_part(
        "flows", created=lambda tenant, actor: told.append(("created", tenant)), deleted=remove
    )
    return told


def test_a_tenant_is_created_and_announced(actor: Actor, parts: list[Any]) -> None:
    services.create_tenant(actor=actor, id="unit_test", name="Unit tests")

    assert queries.find_tenant("unit_test").name == "Unit tests"
    assert parts == [("created", "unit_test")]
    with tenant_scope("unit_test"):
        entry = AuditEntry.objects.get()
    assert (entry.type, entry.resource, entry.object_id) == ("CREATE", "TENANT", "unit_test")


def test_a_tenant_without_a_name_is_called_by_its_id(actor: Actor) -> None:
    assert services.create_tenant(actor=actor, id="plain").name == "plain"


@pytest.mark.parametrize("name", ["", "Upper", "-a", "a.b", "flows", "tenants", "t" * 101, "ä"])
def test_an_id_that_cannot_be_a_tenants_is_refused(actor: Actor, name: str) -> None:
    with pytest.raises(Invalid):
        services.create_tenant(actor=actor, id=name)


def test_a_tenants_id_is_taken_once(actor: Actor) -> None:
    services.create_tenant(actor=actor, id="a")

    with pytest.raises(Invalid, match="already exists"):
        services.create_tenant(actor=actor, id="a")


def test_ensuring_a_tenant_twice_makes_one(parts: list[Any]) -> None:
    services.ensure_tenant(actor=SYSTEM, id="main")
    services.ensure_tenant(actor=SYSTEM, id="main")

    assert parts == [("created", "main")]


def test_an_update_replaces_all(actor: Actor) -> None:
    services.create_tenant(
        actor=actor, id="a", values=TenantValues(require_existing_namespace=True)
    )

    services.update_tenant(actor=actor, id="a", name="New", values=TenantValues())

    row = Tenant.objects.get(pk="a")
    assert (row.name, row.require_existing_namespace) == ("New", False)


def test_a_tenant_needs_a_name(actor: Actor) -> None:
    services.create_tenant(actor=actor, id="a")

    with pytest.raises(Invalid, match="name"):
        services.update_tenant(actor=actor, id="a", name=" ", values=TenantValues())


def test_what_is_not_there_is_not_found(actor: Actor) -> None:
    with pytest.raises(TenantNotFound):
        queries.find_tenant("a")
    with pytest.raises(TenantNotFound):
        services.update_tenant(actor=actor, id="a", name="a", values=TenantValues())
    with pytest.raises(TenantNotFound):
        services.delete_tenant(actor=actor, id="a")


def test_deleting_a_tenant_removes_what_is_its_and_reports_what_stays(
    actor: Actor, parts: list[Any]
) -> None:
    services.create_tenant(actor=actor, id="a")
    with tenant_scope("a"):
        services.create_namespace(actor=actor, namespace="n", values=NamespaceValues())
        services.set_key(actor=actor, namespace="n", key="k", value=value_of(1))
    with tenant_scope("b"):
        services.create_namespace(actor=actor, namespace="n", values=NamespaceValues())

    report = services.delete_tenant(actor=actor, id="a")

    assert report.removed == {"flows": 3, "namespaces": 1}
    assert "keys" in report.kept
    assert not Tenant.objects.filter(pk="a").exists()
    with tenant_scope("a"):
        assert not Namespace.objects.exists()
        assert KeyValue.objects.count() == 1
    with tenant_scope("b"):
        assert Namespace.objects.count() == 1


def test_what_a_deleted_tenant_left_can_be_purged(actor: Actor) -> None:
    services.create_tenant(actor=actor, id="a")
    with tenant_scope("a"):
        services.set_key(actor=actor, namespace="n", key="k", value=value_of(1))
        services.upload_file(actor=actor, namespace="n", path="f", content=b"1")
    with pytest.raises(Conflict):
        services.purge_tenant_data(tenant="a")
    services.delete_tenant(actor=actor, id="a")

    assert services.purge_tenant_data(tenant="a") == 2
    assert services.purge_tenant_data(tenant="a") == 0


def test_the_frame_knows_the_tenants(actor: Actor) -> None:
    directory = tenant_directory()

    directory.create_tenant(actor=actor, id="a", name="A")
    directory.create_tenant(actor=actor, id="a", name="again")

    assert directory.exists("a")
    assert not directory.exists("b")
    assert directory.names() == {"a": "A"}


def test_tenants_are_found_by_a_part_of_id_or_name(actor: Actor) -> None:
    services.create_tenant(actor=actor, id="one", name="Uno")
    services.create_tenant(actor=actor, id="two", name="Due")

    assert [row.id for row in queries.listed_tenants(q="UN")] == ["one"]
    assert queries.listed_tenants().count() == 2
