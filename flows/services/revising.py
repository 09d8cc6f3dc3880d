"""Saving what somebody has edited for a while: only on top of the revision that he began with."""

from django.db import transaction

from common.actor import Actor
from common.errors import Conflict
from flows.queries.stored import StoredFlow
from flows.services.saving import locked_row, read_source, update_flow


class NewerRevision(Conflict):
    """Somebody saved a newer revision meanwhile."""

    def __init__(self, present: int, saved_by: str) -> None:
        by = f" by {saved_by}" if saved_by else ""
        super().__init__(f"Revision {present} was saved{by} meanwhile; nothing was overwritten")
        self.present = present
        self.saved_by = saved_by


@transaction.atomic
def revise_flow(
    *, actor: Actor, namespace: str, flow_id: str, source: str, base: int | None
) -> StoredFlow:
    """As `update_flow`; raises NewerRevision unless `base` is the present revision. None: whatever
    is there is replaced."""
    parsed = read_source(source)
    row = locked_row(namespace, flow_id)
    if row is not None and base is not None and row.revision != base:
        raise NewerRevision(row.revision, row.current.created_by)
    return update_flow(
        actor=actor, namespace=namespace, flow_id=flow_id, source=source, parsed=parsed
    )
