"""One flow: its revisions as frozen values. Cheap enough for hot paths; compiled documents are in
`flows.cache`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from common.caching import BoundedCache
from common.tenancy import tenant_scope
from flows.errors import FlowNotFound, RevisionNotFound
from flows.models import Flow, FlowRevision
from rest.prepared import PreparedQuery
from rest.statements import execute, is_prepared


@dataclass(frozen=True, slots=True)
class StoredFlow:
    """A revision of a flow, as it is in the database. `definition` is the source as plain
    values."""

    tenant: str
    namespace: str
    id: str
    revision: int
    source: str
    definition: Mapping[str, Any]
    is_disabled: bool
    is_deleted: bool
    updated: datetime
    updated_by: str = ""

    @property
    def uid(self) -> str:
        return f"{self.tenant}_{self.namespace}_{self.id}"


MAX_FLOWS = 500
KEPT_SOURCE = 100_000
"""Longer ones are not kept in memory, characters."""

# A revision never changes, and so never goes stale.
_known: BoundedCache[StoredFlow] = BoundedCache(MAX_FLOWS)
_LATEST = PreparedQuery(
    lambda namespace, flow_id: (
        Flow.objects.filter(namespace=namespace, flow_id=flow_id)
        .order_by()
        .values_list("revision", "is_deleted")
    ),
    namespace=str,
    flow_id=str,
)
# The number of the latest revision, which does go stale.
_seen: BoundedCache[int] = BoundedCache(MAX_FLOWS)
_CURRENT = PreparedQuery(
    lambda namespace, flow_id, revision: (
        Flow.objects.filter(
            namespace=namespace, flow_id=flow_id, revision=revision, is_deleted=False
        )
        .order_by()
        .values_list("pk")
    ),
    namespace=str,
    flow_id=str,
    revision=int,
)


def forget_flows() -> None:
    """For tests, which use the same keys again."""
    _known.clear()
    _seen.clear()


def get_flow(
    tenant: str,
    namespace: str,
    flow_id: str,
    revision: int | None = None,
    *,
    allow_deleted: bool = False,
) -> StoredFlow:
    """The latest revision, or the one asked for. Raises FlowNotFound, also for a deleted flow
    unless `allow_deleted`, and RevisionNotFound."""
    with tenant_scope(tenant):
        latest = _LATEST.rows(namespace=namespace, flow_id=flow_id)
        if not latest or (latest[0][1] and not allow_deleted):
            raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
        newest = int(latest[0][0])
        _seen.put((tenant, namespace, flow_id), newest)
        number = newest if revision is None else revision
        key = (tenant, namespace, flow_id, number)
        known = _known.get(key)
        if known is not None:
            return known
        row = _revisions(namespace, flow_id).filter(revision=number).first()
    if row is None:
        raise RevisionNotFound(f"Flow '{namespace}.{flow_id}' has no revision {revision}")
    found = stored_flow(row)
    if len(found.source) <= KEPT_SOURCE:
        _known.put(key, found)
    return found


def assumed_flow(tenant: str, namespace: str, flow_id: str) -> StoredFlow | None:
    """The latest revision as this process saw it last. Whoever acts on it says `confirm_latest` in
    his transaction; whoever refuses something because of it asks `get_flow` first."""
    number = _seen.get((tenant, namespace, flow_id)) if is_prepared() else None
    return _known.get((tenant, namespace, flow_id, number)) if number is not None else None


def confirm_latest(flow: StoredFlow) -> None:
    """Makes the transaction fail (a division by zero, DataError) unless the flow is there and this
    is its latest revision. Within `last_round_trip` it costs no question of its own."""
    sql, params = _CURRENT.statement(
        namespace=flow.namespace, flow_id=flow.id, revision=flow.revision
    )
    execute(f"SELECT 1 / count(*) FROM ({sql}) AS found", params)  # noqa: S608  # made by the ORM


def find_flow(
    tenant: str, namespace: str, flow_id: str, revision: int | None = None
) -> StoredFlow | None:
    """The same, None where there is none."""
    try:
        return get_flow(tenant, namespace, flow_id, revision)
    except (FlowNotFound, RevisionNotFound):
        return None


def latest_revision(tenant: str, namespace: str, flow_id: str) -> int:
    """Its number. Raises FlowNotFound."""
    with tenant_scope(tenant):
        number = (
            Flow.objects.filter(namespace=namespace, flow_id=flow_id, is_deleted=False)
            .values_list("revision", flat=True)
            .first()
        )
    if number is None:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    return number


def flow_revisions(
    tenant: str, namespace: str, flow_id: str, *, include_deleted: bool = False
) -> list[StoredFlow]:
    """All revisions, the first one first; those that record a deletion only if asked for. Raises
    FlowNotFound."""
    with tenant_scope(tenant):
        rows = list(_revisions(namespace, flow_id))
    kept = [row for row in rows if include_deleted or not row.is_deleted]
    if not kept:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    return [stored_flow(row) for row in kept]


def stored_flow(row: FlowRevision) -> StoredFlow:
    return StoredFlow(
        tenant=row.tenant,
        namespace=row.namespace,
        id=row.flow_id,
        revision=row.revision,
        source=row.source,
        definition=row.definition,
        is_disabled=row.definition.get("disabled") is True,
        is_deleted=row.is_deleted,
        updated=row.created,
        updated_by=row.created_by,
    )


def _revisions(namespace: str, flow_id: str) -> QuerySet[FlowRevision]:
    return FlowRevision.objects.filter(namespace=namespace, flow_id=flow_id).order_by("revision")
