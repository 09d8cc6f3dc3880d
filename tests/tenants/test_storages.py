from pathlib import Path
from typing import Any

import pytest

from common.actor import Actor
from common.tenancy import tenant_scope
from storage.errors import StorageUnavailable
from storage.local import LocalStorage
from storage.memory import MemoryStorage
from tenants import services
from tenants.documents import NamespaceValues, TenantValues
from tenants.storages import instance_storage, storage_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]


def _tenant(actor: Actor, storage_type: str, **configuration: Any) -> None:
    values = TenantValues(storage_type=storage_type, storage_configuration=configuration)
    services.create_tenant(actor=actor, id="main", values=values)


def _namespace(actor: Actor, name: str, storage_type: str, **configuration: Any) -> None:
    values = NamespaceValues(storage_type=storage_type, storage_configuration=configuration)
    services.create_namespace(actor=actor, namespace=name, values=values)


def test_the_instances_storage_serves_all_and_is_opened_once() -> None:
    storage = storage_of(tenant="main", namespace="a.b")

    assert isinstance(storage, MemoryStorage)
    assert storage is storage_of(tenant="other") is instance_storage()


def test_a_tenant_can_have_a_storage_of_its_own(actor: Actor, tmp_path: Path) -> None:
    _tenant(actor, "local", basePath=str(tmp_path))

    assert isinstance(storage_of(tenant="main", namespace="a"), LocalStorage)
    with tenant_scope("other"):
        assert isinstance(storage_of(tenant="other", namespace="a"), MemoryStorage)


def test_a_namespace_uses_the_storage_of_its_nearest_parent(actor: Actor, tmp_path: Path) -> None:
    _tenant(actor, "local", basePath=str(tmp_path))
    _namespace(actor, "a", "memory", of="far")
    _namespace(actor, "a.b", "memory", of="near")

    near = storage_of(tenant="main", namespace="a.b.c")

    assert isinstance(near, MemoryStorage)
    assert near is not storage_of(tenant="main", namespace="a")
    assert isinstance(storage_of(tenant="main", namespace="b"), LocalStorage)


def test_a_namespace_cannot_be_given_a_folder_of_the_server(actor: Actor, tmp_path: Path) -> None:
    _namespace(actor, "a", "local", basePath=str(tmp_path))

    with pytest.raises(StorageUnavailable, match="namespace a"):
        storage_of(tenant="main", namespace="a.b")


def test_a_storage_that_cannot_be_opened_is_unavailable_and_named(actor: Actor) -> None:
    _namespace(actor, "a", "tape")

    with pytest.raises(StorageUnavailable, match=r"namespace a.*tape"):
        storage_of(tenant="main", namespace="a")
