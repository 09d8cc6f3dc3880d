"""Creating and changing flows. A source that holds becomes a revision; the flow's row, its triggers
and its links follow in the same transaction. All happens in the current tenant."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from common.actor import Actor
from common.clock import now
from common.errors import Violation
from common.tenancy import current_tenant
from flows.errors import FlowExists, FlowNotFound, IdentityChanged
from flows.models import Flow, FlowLink, FlowRevision, FlowTrigger
from flows.outer_defaults import outer_defaults_of
from flows.parsing import ParsedFlow, identity_of, parse_flow
from flows.queries.stored import StoredFlow, stored_flow
from flows.schema import FlowDocument
from flows.services import trail
from flows.topology import links_of
from tenants.services import ensure_namespace


def read_source(source: str) -> ParsedFlow:
    """The flow of a source, with the plugin defaults that it would have when it runs. Raises
    Invalid."""
    tenant = current_tenant()
    namespace, _ = identity_of(source)
    outer = outer_defaults_of(tenant, namespace) if namespace else None
    return parse_flow(source, tenant=tenant, defaults=outer.items if outer else ())


def create_flow(*, actor: Actor, source: str, parsed: ParsedFlow | None = None) -> StoredFlow:
    """Raises Invalid for a source that does not hold, and FlowExists."""
    parsed = parsed or read_source(source)
    document = parsed.document
    try:
        with transaction.atomic():
            ensure_namespace(namespace=document.namespace)
            row = locked_row(document.namespace, document.id)
            if row is not None and not row.is_deleted:
                raise already_there()
            flow = _save(actor, parsed, row)
            trail.flow_was_created(actor, flow)
    except IntegrityError as error:  # somebody was quicker
        raise already_there() from error
    return flow


def update_flow(
    *,
    actor: Actor,
    namespace: str,
    flow_id: str,
    source: str,
    parsed: ParsedFlow | None = None,
) -> StoredFlow:
    """The new revision; the present one if the source is the same. Raises FlowNotFound, Invalid,
    and IdentityChanged if the source names another flow."""
    parsed = parsed or read_source(source)
    _check_identity(parsed.document, namespace, flow_id)
    with transaction.atomic():
        row = locked_row(namespace, flow_id)
        if row is None or row.is_deleted:
            raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
        return change_flow(actor, row, parsed)


def change_flow(actor: Actor, row: Flow, parsed: ParsedFlow) -> StoredFlow:
    """The same for a row that is locked and not deleted."""
    before = stored_flow(row.current)
    if before.source == parsed.source:
        return before
    flow = _save(actor, parsed, row)
    trail.flow_was_updated(actor, before, flow)
    return flow


def save_flow(*, actor: Actor, parsed: ParsedFlow) -> StoredFlow:
    """Creates the flow or changes the one that is there."""
    document = parsed.document
    with transaction.atomic():
        row = locked_row(document.namespace, document.id)
        if row is not None and not row.is_deleted:
            return change_flow(actor, row, parsed)
        return create_flow(actor=actor, source=parsed.source, parsed=parsed)


def locked_row(namespace: str, flow_id: str) -> Flow | None:
    """The row, ours until the transaction ends."""
    return (
        Flow.objects.select_for_update()
        .select_related("current")
        .filter(namespace=namespace, flow_id=flow_id)
        .first()
    )


def already_there() -> FlowExists:
    return FlowExists(violations=[Violation("Flow id already exists", path="flow.id")])


def _check_identity(document: FlowDocument, namespace: str, flow_id: str) -> None:
    violations = []
    for name, there, asked in (
        ("id", document.id, flow_id),
        ("namespace", document.namespace, namespace),
    ):
        if there != asked:
            message = f"The {name} of a flow cannot change: it is '{asked}', the source says"
            violations.append(
                Violation(f"{message} '{there}'", path=f"flow.{name}", invalid_value=there)
            )
    if violations:
        raise IdentityChanged(violations=violations)


def _save(actor: Actor, parsed: ParsedFlow, row: Flow | None) -> StoredFlow:
    document, moment = parsed.document, now()
    revision = FlowRevision.objects.create(
        namespace=document.namespace,
        flow_id=document.id,
        revision=row.revision + 1 if row else 1,
        source=parsed.source,
        definition=dict(parsed.value),
        created=moment,
        created_by=actor.name,
    )
    if row is None:
        row = Flow(namespace=document.namespace, flow_id=document.id)
    if row.pk is None or row.is_deleted:
        row.created = moment
    row.current = revision
    row.revision = revision.revision
    row.updated = moment
    row.is_deleted = False
    _describe(row, document)
    row.save()
    _replace_triggers(document, revision)
    _replace_links(document, parsed.value)
    return stored_flow(revision)


def _describe(row: Flow, document: FlowDocument) -> None:
    """What lists and filters look at."""
    row.description = document.description or ""
    row.labels = document.labels_map
    row.is_disabled = document.disabled
    row.task_count = len(document.places)
    row.trigger_count = len(document.triggers)


def _replace_triggers(document: FlowDocument, revision: FlowRevision) -> None:
    there = FlowTrigger.objects.filter(namespace=document.namespace, flow_id=document.id)
    known = {row.trigger_id: row for row in there}
    declared = {trigger.id: trigger for trigger in document.triggers}
    gone = [row.pk for trigger_id, row in known.items() if trigger_id not in declared]
    if gone:
        FlowTrigger.objects.filter(pk__in=gone).delete()
    for trigger_id, trigger in declared.items():
        row = known.get(trigger_id) or FlowTrigger(
            namespace=document.namespace,
            flow_id=document.id,
            trigger_id=trigger_id,
            created=revision.created,
        )
        row.type = trigger.type
        row.is_disabled = trigger.disabled
        row.flow_revision = revision.revision
        row.save()


def _replace_links(document: FlowDocument, value: Mapping[str, Any]) -> None:
    own = {"namespace": document.namespace, "flow_id": document.id}
    FlowLink.objects.filter(**own).delete()
    links: Sequence[FlowLink] = [
        FlowLink(**own, kind=link.kind, other_namespace=link.namespace, other_flow_id=link.flow_id)
        for link in links_of(document, value)
    ]
    FlowLink.objects.bulk_create(links)
