"""Which flows a caller may see or act on."""

from collections.abc import Sequence

from django.db.models import QuerySet

from common.actor import Actor
from common.errors import Forbidden
from common.tenancy import current_tenant
from flows.models import Flow
from flows.queries import present_flows
from rbac.queries import visible_namespaces


def visible_flows(actor: Actor, action: str) -> QuerySet[Flow]:
    """Those on which the caller has that action, with their current revisions."""
    reach = visible_namespaces(actor, "FLOW", action, current_tenant())
    return present_flows().filter(reach.to_q())


def require_on_all(actor: Actor, action: str, flows: Sequence[tuple[str, str]]) -> None:
    """Raises Forbidden if one of the flows lies in a namespace where the caller may not."""
    reach = visible_namespaces(actor, "FLOW", action, current_tenant())
    for namespace in sorted({name for name, _ in flows}):
        if not reach.covers(namespace):
            raise Forbidden(f"this needs the permission FLOW:{action} in namespace '{namespace}'")
