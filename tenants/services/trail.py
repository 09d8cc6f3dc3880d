"""The audit lines of this app. Values of keys and the configuration of backends are never told."""

from collections.abc import Mapping
from typing import Any

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor, ActorKind
from tenants.documents import CONFIDENTIAL
from tenants.models import FileRevision, KeyValue, Namespace, Tenant

TENANT, NAMESPACE, KEY, FILE = "TENANT", "NAMESPACE", "KVSTORE", "NAMESPACE_FILE"
_LONGEST_ID = 300

Told = Mapping[str, Any]


def key_was_set(actor: Actor, row: KeyValue, *, is_new: bool) -> None:
    told = {"type": row.type, "revision": row.revision, "expiration": row.expiration}
    _record(actor, AuditType.CREATE if is_new else AuditType.UPDATE, KEY, _key(row), after=told)


def key_was_deleted(actor: Actor, row: KeyValue) -> None:
    _record(actor, AuditType.DELETE, KEY, _key(row), before={"type": row.type})


def namespace_as_told(row: Namespace) -> Told:
    names = ("description", "variables", "plugin_defaults", "allowed_namespaces")
    return {name: getattr(row, name) for name in names} | _backends(row)


def namespace_was_created(actor: Actor, row: Namespace) -> None:
    _record(actor, AuditType.CREATE, NAMESPACE, _namespace(row), after=namespace_as_told(row))


def namespace_was_updated(actor: Actor, row: Namespace, *, before: Told) -> None:
    after = namespace_as_told(row)
    _record(actor, AuditType.UPDATE, NAMESPACE, _namespace(row), before=before, after=after)


def namespace_was_deleted(actor: Actor, row: Namespace) -> None:
    _record(actor, AuditType.DELETE, NAMESPACE, _namespace(row), before=namespace_as_told(row))


def tenant_as_told(tenant: Tenant) -> Told:
    names = ("name", "require_existing_namespace")
    return {name: getattr(tenant, name) for name in names} | _backends(tenant)


def tenant_was_created(actor: Actor, tenant: Tenant) -> None:
    _record(actor, AuditType.CREATE, TENANT, {"id": tenant.id}, after=tenant_as_told(tenant))


def tenant_was_updated(actor: Actor, tenant: Tenant, *, before: Told) -> None:
    after = tenant_as_told(tenant)
    _record(actor, AuditType.UPDATE, TENANT, {"id": tenant.id}, before=before, after=after)


def tenant_was_deleted(actor: Actor, tenant: Tenant) -> None:
    _record(actor, AuditType.DELETE, TENANT, {"id": tenant.id}, before=tenant_as_told(tenant))


def file_was_uploaded(actor: Actor, made: FileRevision) -> None:
    kind = AuditType.CREATE if made.revision == 1 else AuditType.UPDATE
    told = {"revision": made.revision, "size": made.size}
    _record(actor, kind, FILE, _file(made.namespace, made.path), after=told)


def file_was_moved(actor: Actor, namespace: str, *, source: str, target: str) -> None:
    detail = _file(namespace, target) | {"from": source}
    _record(actor, AuditType.UPDATE, FILE, detail)


def file_was_deleted(actor: Actor, namespace: str, *, path: str) -> None:
    _record(actor, AuditType.DELETE, FILE, _file(namespace, path))


def directory_was_made(actor: Actor, namespace: str, *, path: str) -> None:
    _record(actor, AuditType.CREATE, FILE, _file(namespace, path) | {"type": "directory"})


def _record(
    actor: Actor,
    kind: AuditType,
    resource: str,
    detail: Told,
    *,
    before: Told | None = None,
    after: Told | None = None,
) -> None:
    if actor.kind is ActorKind.SYSTEM:  # a task's doing is told by its execution
        return
    record(
        actor=actor,
        type=kind,
        resource=resource,
        detail=detail,
        before=before,
        after=after,
        secret_fields=CONFIDENTIAL,
    )


def _backends(row: Namespace | Tenant) -> dict[str, Any]:
    names = ("storage_type", "storage_configuration", "secret_type", "secret_configuration")
    return {name: getattr(row, name) for name in (*names, "settings")}


def _key(row: KeyValue) -> Told:
    return {"id": row.key, "namespace": row.namespace}


def _namespace(row: Namespace) -> Told:
    return {"id": row.name, "namespace": row.name}


def _file(namespace: str, path: str) -> dict[str, Any]:
    return {"id": path[-_LONGEST_ID:], "path": path, "namespace": namespace}
