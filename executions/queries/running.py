"""How many executions of a flow are under way."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count

from executions.queries.details import among_flows, present_executions
from plugins.contracts.state import TERMINAL, State

_NOT_BEGUN = (State.CREATED, State.QUEUED)


def running_by_flow(flows: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """By namespace and id: those that have begun and have not ended; flows without any are left
    out."""
    if not flows:
        return {}
    idle = [state.value for state in (*TERMINAL, *_NOT_BEGUN)]
    rows = present_executions().filter(among_flows(flows)).exclude(state__in=idle)
    counted = rows.values_list("namespace", "flow_id").annotate(number=Count("pk")).order_by()
    return {(namespace, flow_id): number for namespace, flow_id, number in counted}
