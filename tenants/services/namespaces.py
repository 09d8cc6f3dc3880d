"""Writing namespaces. All happens in the current tenant."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db import transaction

from common.actor import Actor
from common.errors import Invalid, Violation
from common.tenancy import current_tenant
from tenants import documents
from tenants.documents import NamespaceValues
from tenants.errors import NamespaceNotFound
from tenants.hooks import is_namespace_used
from tenants.models import Namespace, Tenant
from tenants.names import check_namespace_id, line_of
from tenants.services import trail


@transaction.atomic
def create_namespace(*, actor: Actor, namespace: str, values: NamespaceValues) -> Namespace:
    """Raises Invalid if it was created before; one that came with its first flow is taken over."""
    check_namespace_id(namespace)
    documents.check(values)
    _add_missing(line_of(namespace))
    row = Namespace.objects.select_for_update().get(name=namespace)
    if row.is_declared:
        raise Invalid(violations=[Violation(f"Namespace '{namespace}' already exists", path="id")])
    _fill(row, values)
    row.save()
    trail.namespace_was_created(actor, row)
    return row


@transaction.atomic
def update_namespace(*, actor: Actor, namespace: str, values: NamespaceValues) -> Namespace:
    """Replace all that can be set. Raises NamespaceNotFound for one that is nowhere."""
    check_namespace_id(namespace)
    documents.check(values)
    row = Namespace.objects.select_for_update().filter(name=namespace).first()
    if row is None:
        raise NamespaceNotFound(f"Namespace '{namespace}' does not exist", namespace=namespace)
    before = trail.namespace_as_told(row)
    _fill(row, values)
    row.save()
    trail.namespace_was_updated(actor, row, before=before)
    return row


@transaction.atomic
def delete_namespace(*, actor: Actor, namespace: str) -> None:
    """What was set on it is gone; its flows, keys and files stay, and while it has flows it stays
    as a namespace that exists through them."""
    row = Namespace.objects.select_for_update().filter(name=namespace, is_declared=True).first()
    if row is None:
        raise NamespaceNotFound(f"Namespace '{namespace}' does not exist", namespace=namespace)
    trail.namespace_was_deleted(actor, row)
    _fill(row, NamespaceValues())
    row.is_declared = False
    row.save()
    release_namespace(namespace=namespace)


def ensure_namespace(*, namespace: str) -> None:
    """For a flow that is saved: the namespace is there afterwards. Raises Invalid for a name that
    cannot be one, or if namespaces must be created before they are used."""
    check_namespace_id(namespace, path="namespace")
    row = Namespace.objects.filter(name=namespace).only("is_declared").first()
    if (row is None or not row.is_declared) and _must_be_declared():
        message = f"Namespace '{namespace}' does not exist; create it first"
        raise Invalid(violations=[Violation(message, path="namespace")])
    if row is None:
        _add_missing(line_of(namespace))


def release_namespace(*, namespace: str) -> None:
    """For a flow that was deleted: a namespace that nobody created goes with its last flow, and
    so do parents that nobody created with their last child."""
    for name in reversed(line_of(namespace)):
        has_children = Namespace.objects.filter(name__startswith=f"{name}.").exists()
        if has_children or is_namespace_used(current_tenant(), name):
            break
        if not Namespace.objects.filter(name=name, is_declared=False).delete()[0]:
            break


def _must_be_declared() -> bool:
    if settings.KESTRA_REQUIRE_EXISTING_NAMESPACE:
        return True
    return Tenant.objects.filter(pk=current_tenant(), require_existing_namespace=True).exists()


def _add_missing(names: list[str]) -> None:
    """Rows for those that have none, as namespaces that nobody created."""
    there = set(Namespace.objects.filter(name__in=names).values_list("name", flat=True))
    missing = [Namespace(name=name, is_declared=False) for name in names if name not in there]
    if missing:
        Namespace.objects.bulk_create(missing, ignore_conflicts=True)


def _fill(row: Namespace, values: NamespaceValues) -> None:
    row.is_declared = True
    fields: dict[str, Any] = asdict(values)
    for name, value in fields.items():
        setattr(row, name, value)
    row.allowed_namespaces = list(dict.fromkeys(values.allowed_namespaces))
