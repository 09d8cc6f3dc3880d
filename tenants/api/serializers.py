"""Bodies of requests and shapes of answers: the names of the public API stand here only."""

from typing import Any, Self

import orjson
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

from common.clock import to_iso
from rest.rendering import compact
from storage.contract import FileAttributes
from tenants.choices import WorkerGroupFallback
from tenants.documents import NamespaceValues, TenantValues
from tenants.models import KeyValue, Namespace, Tenant

_SDK = "sdkDefaultAuthentication"


class Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="ignore", frozen=True)

    @classmethod
    def read(cls, data: Any) -> Self:
        """Raises pydantic's ValidationError, which becomes a 422 that names the property."""
        return cls.model_validate(data)


class Isolation(Body):
    enabled: bool | None = None
    denied_services: list[str] | None = None


class WorkerGroup(Body):
    key: str
    fallback: WorkerGroupFallback | None = None


class Settings(Body):
    """What is kept and given back as it came."""

    storage_isolation: Isolation | None = None
    secret_isolation: Isolation | None = None
    secret_read_only: bool | None = None
    outputs_in_internal_storage: bool | None = None
    worker_group: WorkerGroup | None = None
    default_worker_selector: dict[str, Any] | None = None
    concurrency: dict[str, Any] | None = None
    quotas: list[dict[str, Any]] | None = None
    sdk_default_authentication: dict[str, Any] | None = None


class TenantSettings(Settings):
    app_catalog_config: dict[str, str] | None = None
    settings: dict[str, Any] | None = None


class BackendsBody(Body):
    storage_type: str | None = None
    storage_configuration: dict[str, Any] | None = None
    secret_type: str | None = None
    secret_configuration: dict[str, Any] | None = None

    def backends(self) -> dict[str, Any]:
        return {
            "storage_type": self.storage_type or "",
            "storage_configuration": self.storage_configuration,
            "secret_type": self.secret_type or "",
            "secret_configuration": self.secret_configuration,
        }


class AllowedNamespace(Body):
    namespace: str


class NamespaceBody(BackendsBody):
    id: str | None = None
    description: str | None = None
    variables: dict[str, Any] | None = None
    plugin_defaults: list[dict[str, Any]] | None = None
    allowed_namespaces: list[AllowedNamespace] | None = None

    @field_validator("allowed_namespaces", mode="before")
    @classmethod
    def _names_too(cls, value: Any) -> Any:
        """`["a"]` is taken for `[{"namespace": "a"}]`."""
        if isinstance(value, list):
            return [{"namespace": item} if isinstance(item, str) else item for item in value]
        return value


class TenantBody(BackendsBody):
    id: str | None = None
    name: str | None = None
    require_existing_namespace: bool | None = None


class AutocompleteBody(Body):
    q: str | None = None
    ids: list[str] | None = Field(default=None, max_length=1000)
    existing_only: bool | None = None


class KeysBody(Body):
    keys: list[str]


def namespace_values(data: Any) -> tuple[str, NamespaceValues]:
    """The id in the body, perhaps empty, and what is to be set."""
    body = NamespaceBody.read(data)
    values = NamespaceValues(
        description=body.description or "",
        variables=body.variables,
        plugin_defaults=body.plugin_defaults,
        allowed_namespaces=[item.namespace for item in body.allowed_namespaces or []],
        settings=_as_sent(Settings.read(data)),
        **body.backends(),
    )
    return body.id or "", values


def tenant_values(data: Any) -> tuple[str, str, TenantValues]:
    """The id and the name in the body, perhaps empty, and what is to be set."""
    body = TenantBody.read(data)
    values = TenantValues(
        require_existing_namespace=bool(body.require_existing_namespace),
        settings=_as_sent(TenantSettings.read(data)),
        **body.backends(),
    )
    return body.id or "", body.name or "", values


def namespace_shape(row: Namespace, *, with_credentials: bool = False) -> dict[str, Any]:
    """Configurations of backends hold credentials: they are for those who may change them."""
    shape = {
        "id": row.name,
        "tenantId": row.tenant,
        "deleted": False,
        "disabled": None if row.is_declared else True,
        "description": row.description or None,
        "variables": row.variables,
        "pluginDefaults": row.plugin_defaults,
        "allowedNamespaces": [{"namespace": name} for name in row.allowed_namespaces] or None,
    }
    return compact(shape | _backends_shape(row, with_credentials=with_credentials))


def tenant_shape(row: Tenant) -> dict[str, Any]:
    shape = {
        "id": row.id,
        "name": row.name,
        "deleted": False,
        "requireExistingNamespace": row.require_existing_namespace,
    }
    return compact(shape | _backends_shape(row, with_credentials=True))


def key_shape(row: KeyValue) -> dict[str, Any]:
    return compact(
        {
            "namespace": row.namespace,
            "key": row.key,
            "revision": row.revision,
            "description": row.description or None,
            "creationDate": to_iso(row.created),
            "updateDate": to_iso(row.updated),
            "expirationDate": to_iso(row.expiration) if row.expiration else None,
        }
    )


def value_shape(row: KeyValue) -> dict[str, Any]:
    return {
        "type": row.type,
        "value": orjson.Fragment(row.text),
        "revision": row.revision,
        "updated": to_iso(row.updated),
    }


def file_shape(file: FileAttributes) -> dict[str, Any]:
    return compact(
        {
            "fileName": file.name,
            "lastModifiedTime": int(file.modified.timestamp() * 1000),
            "creationTime": int(file.created.timestamp() * 1000),
            "type": file.kind.value,
            "size": file.size,
            "metadata": dict(file.metadata) or None,
        }
    )


def _as_sent(settings: Settings) -> dict[str, Any]:
    return settings.model_dump(mode="json", by_alias=True, exclude_none=True)


def _backends_shape(row: Namespace | Tenant, *, with_credentials: bool) -> dict[str, Any]:
    settings = dict(row.settings)
    shape = {"storageType": row.storage_type or None, "secretType": row.secret_type or None}
    if with_credentials:
        shape["storageConfiguration"] = row.storage_configuration
        shape["secretConfiguration"] = row.secret_configuration
    else:
        settings.pop(_SDK, None)
    return shape | settings
