"""Writing tenants: the only services of this app that work outside a tenant."""

from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, transaction

from common.actor import Actor
from common.errors import Conflict, Invalid, Violation
from common.tenancy import tenant_scope
from storage.addresses import ROOT
from tenants import documents, hooks
from tenants.documents import TenantValues
from tenants.errors import TenantNotFound
from tenants.models import FileRevision, KeyValue, Namespace, Tenant
from tenants.names import check_tenant_id
from tenants.services import trail
from tenants.storages import instance_storage


@dataclass(frozen=True, slots=True)
class DeletionReport:
    """What went with a tenant, by kind, and what stays until it is purged."""

    tenant: str
    removed: dict[str, int]
    kept: tuple[str, ...] = field(
        default=("executions", "logs", "metrics", "audit logs", "keys", "files")
    )


@transaction.atomic
def create_tenant(
    *,
    actor: Actor,
    id: str,  # noqa: A002  # the API's word
    name: str = "",
    values: TenantValues | None = None,
) -> Tenant:
    """A tenant with all that the other apps make for it (managed roles). Raises Invalid if the id
    is taken or reserved."""
    check_tenant_id(id)
    tenant = Tenant(id=id)
    _fill(tenant, name or id, values or TenantValues())
    try:
        with transaction.atomic():
            tenant.save(force_insert=True)
    except IntegrityError as error:
        taken = Violation(f"Tenant id '{id}' already exists", path="id")
        raise Invalid(violations=[taken]) from error
    with tenant_scope(id):
        hooks.announce_tenant(id, actor)
        trail.tenant_was_created(actor, tenant)
    return tenant


def ensure_tenant(*, actor: Actor, id: str, name: str = "") -> Tenant:  # noqa: A002  # the API's word
    """The tenant of that id, made if it is not there."""
    return Tenant.objects.filter(pk=id).first() or create_tenant(actor=actor, id=id, name=name)


@transaction.atomic
def update_tenant(*, actor: Actor, id: str, name: str, values: TenantValues) -> Tenant:  # noqa: A002  # the API's word
    """Replace all that can be set."""
    tenant = _locked(id)
    before = trail.tenant_as_told(tenant)
    _fill(tenant, name, values)
    tenant.save()
    with tenant_scope(id):
        trail.tenant_was_updated(actor, tenant, before=before)
    return tenant


@transaction.atomic
def delete_tenant(*, actor: Actor, id: str) -> DeletionReport:  # noqa: A002  # the API's word
    """Flows, roles and namespaces go; executions, logs, the audit log, keys and files stay until
    they are purged, and would be seen again in a new tenant of the same id."""
    tenant = _locked(id)
    with tenant_scope(id):
        removed = hooks.remove_tenant_parts(id)
        removed["namespaces"] = Namespace.objects.all().delete()[0]
        trail.tenant_was_deleted(actor, tenant)
    tenant.delete()
    return DeletionReport(tenant=id, removed=removed)


def purge_tenant_data(*, tenant: str) -> int:
    """Remove the keys and files that a deleted tenant left in the database and in the instance's
    storage; the number of both. Raises Conflict while the tenant exists."""
    if Tenant.objects.filter(pk=tenant).exists():
        raise Conflict(f"Tenant '{tenant}' exists; delete it first", tenant=tenant)
    with transaction.atomic(), tenant_scope(tenant):
        keys, _ = KeyValue.objects.all().delete()
        FileRevision.objects.all().delete()
    return keys + instance_storage().delete_prefix(tenant, ROOT)


def _locked(tenant: str) -> Tenant:
    row = Tenant.objects.select_for_update().filter(pk=tenant).first()
    if row is None:
        raise TenantNotFound(f"Tenant '{tenant}' does not exist", tenant=tenant)
    return row


def _fill(tenant: Tenant, name: str, values: TenantValues) -> None:
    documents.check(values, *documents.name_violations(name))
    tenant.name = name
    for field_name, value in asdict(values).items():
        setattr(tenant, field_name, value)
