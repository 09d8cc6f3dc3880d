"""Which internal storage holds the files of a namespace: its own, else its nearest parent's, else
the tenant's, else the instance's."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.conf import settings

from common.json import dumps, loads
from common.tenancy import tenant_scope
from storage.contract import Storage
from storage.errors import StorageMisconfigured, StorageUnavailable
from storage.local import LocalStorage
from storage.registry import open_storage
from tenants.models import Namespace, Tenant
from tenants.names import line_of

_lock = Lock()
_open: dict[tuple[str, str], Storage] = {}


def storage_of(*, tenant: str, namespace: str | None = None) -> Storage:
    """Two small queries at most; what is opened stays open. Raises StorageUnavailable for a
    namespace or tenant whose own storage cannot be used."""
    own = (_of_namespace(tenant, namespace) if namespace else None) or _of_tenant(tenant)
    if own is None:
        return instance_storage()
    owner, storage_type, configuration = own
    try:
        return _opened(storage_type, configuration)
    except StorageMisconfigured as error:
        raise StorageUnavailable(f"The internal storage of {owner} cannot be used: {error}") from (
            error
        )


def instance_storage() -> Storage:
    """The storage that the configuration names. Raises StorageMisconfigured."""
    chosen: Mapping[str, Any] = settings.KESTRA_STORAGE
    return _opened(chosen["type"], dumps(chosen.get("options") or {}))


def forget_storages() -> None:
    """Open anew at the next use: after a change of settings."""
    with _lock:
        _open.clear()


def _of_namespace(tenant: str, namespace: str) -> tuple[str, str, str] | None:
    line = line_of(namespace)
    with tenant_scope(tenant):
        rows = Namespace.objects.filter(name__in=line).exclude(storage_type="")
        found = {
            row.name: row for row in rows.only("name", "storage_type", "storage_configuration")
        }
    row = next((found[name] for name in reversed(line) if name in found), None)
    if row is None:
        return None
    # Whoever may change a namespace must not thereby read the disk of the server.
    if row.storage_type == LocalStorage.type:
        raise StorageUnavailable(
            f"The internal storage of namespace {row.name} cannot be used: a folder of the server "
            "can be the storage of a tenant or of the instance, not of a namespace"
        )
    owner = f"namespace {row.name}"
    return owner, row.storage_type, dumps(row.storage_configuration or {})


def _of_tenant(tenant: str) -> tuple[str, str, str] | None:
    row = Tenant.objects.filter(pk=tenant).exclude(storage_type="").first()
    if row is None:
        return None
    return f"tenant {tenant}", row.storage_type, dumps(row.storage_configuration or {})


def _opened(storage_type: str, configuration: str) -> Storage:
    place = (storage_type, configuration)
    with _lock:
        if place not in _open:
            _open[place] = open_storage(storage_type, loads(configuration))
        return _open[place]
