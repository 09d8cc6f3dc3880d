"""Deleting flows and old revisions. A deleted flow leaves a revision that says so, and its row, so
that a flow of the same id counts on. All happens in the current tenant."""

from collections.abc import Collection, Sequence

from django.db import transaction

from common.actor import Actor
from common.clock import now
from common.errors import Violation
from flows.errors import FlowNotFound, RevisionInUse, RevisionNotFound
from flows.models import Flow, FlowLink, FlowRevision, FlowTrigger
from flows.queries.stored import StoredFlow, stored_flow
from flows.services import trail
from flows.services.saving import locked_row
from tenants.services import release_namespace


@transaction.atomic
def delete_flow(*, actor: Actor, namespace: str, flow_id: str) -> StoredFlow:
    """The revision that records the deletion. Raises FlowNotFound."""
    row = locked_row(namespace, flow_id)
    if row is None or row.is_deleted:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    before = row.current
    revision = FlowRevision.objects.create(
        namespace=namespace,
        flow_id=flow_id,
        revision=row.revision + 1,
        source=before.source,
        definition=before.definition,
        is_deleted=True,
        created=now(),
        created_by=actor.name,
    )
    row.current = revision
    row.revision = revision.revision
    row.is_deleted = True
    row.updated = revision.created
    row.save()
    own = {"namespace": namespace, "flow_id": flow_id}
    FlowTrigger.objects.filter(**own).delete()
    FlowLink.objects.filter(**own).delete()
    trail.flow_was_deleted(actor, stored_flow(before))
    release_namespace(namespace=namespace)
    return stored_flow(revision)


@transaction.atomic
def delete_flows(*, actor: Actor, flows: Sequence[tuple[str, str]]) -> list[StoredFlow]:
    """All or none. Raises FlowNotFound."""
    return [
        delete_flow(actor=actor, namespace=namespace, flow_id=flow_id)
        for namespace, flow_id in flows
    ]


@transaction.atomic
def delete_revisions(
    *, actor: Actor, namespace: str, flow_id: str, revisions: Collection[int]
) -> None:
    """All or none, and never the latest. Executions of a deleted revision keep their data, but
    can no longer go on. Raises FlowNotFound, RevisionNotFound and RevisionInUse."""
    row = locked_row(namespace, flow_id)
    if row is None:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    wanted = sorted(set(revisions))
    if row.revision in wanted:
        message = f"Revision {row.revision} is the latest and cannot be deleted"
        raise RevisionInUse(violations=[Violation(message, path="revisions")])
    rows = FlowRevision.objects.filter(namespace=namespace, flow_id=flow_id, revision__in=wanted)
    missing = set(wanted) - set(rows.values_list("revision", flat=True))
    if missing:
        numbers = ", ".join(str(number) for number in sorted(missing))
        raise RevisionNotFound(f"Flow '{namespace}.{flow_id}' has no revision {numbers}")
    rows.delete()
    trail.revisions_were_deleted(actor, namespace, flow_id, wanted)


def remove_all_flows() -> int:
    """Everything of flows in the current tenant, which is about to go; the number of flows."""
    FlowTrigger.objects.all().delete()
    FlowLink.objects.all().delete()
    count, _ = Flow.objects.all().delete()
    FlowRevision.objects.all().delete()
    return count
