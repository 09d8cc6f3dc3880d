"""What all pages of one flow share: the flow, its tabs, and what the caller may do with it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from flows.queries import StoredFlow, get_flow
from rbac.queries import allowed
from rest.gate import actor_of
from ui.rendering import show, show_part


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    title: Any
    resource: str = "FLOW"
    action: str = "VIEW"


TABS = (
    Tab("", _("Overview")),
    Tab("editor", _("Editor")),
    Tab("topology", _("Topology")),
    Tab("revisions", _("Revisions")),
    Tab("executions", _("Executions"), "EXECUTION", "LIST"),
    Tab("logs", _("Logs"), "EXECUTION", "LIST"),
)


class FlowPage:
    """One flow for the caller. Raises FlowNotFound; a deleted flow is shown, its actions are not
    offered."""

    def __init__(self, request: HttpRequest, tenant: str, namespace: str, flow_id: str) -> None:
        self.request, self.tenant = request, tenant
        self.flow: StoredFlow = get_flow(tenant, namespace, flow_id, allow_deleted=True)
        self.url = flow_url(tenant, namespace, flow_id)

    def may(self, resource: str, action: str) -> bool:
        return allowed(actor_of(self.request), resource, action, self.tenant, self.flow.namespace)

    def revision(self, number: int) -> StoredFlow:
        """Raises RevisionNotFound."""
        return get_flow(self.tenant, self.flow.namespace, self.flow.id, number, allow_deleted=True)

    @property
    def may_change(self) -> bool:
        return self.may("FLOW", "UPDATE") and not self.flow.is_deleted

    def show(self, tab: str, template: str, part: str = "", **context: Any) -> HttpResponse:
        """The template of a tab; for htmx the part alone if there is one."""
        whole = {**self._context(tab), **context}
        if part:
            return show_part(self.request, template, part, whole)
        return show(self.request, template, whole)

    def _context(self, tab: str) -> dict[str, Any]:
        is_there = not self.flow.is_deleted
        return {
            "flow": self.flow,
            "flow_url": self.url,
            "tab": tab,
            "tabs": [
                (each.title, f"{self.url}/{each.name}".rstrip("/"), each.name == tab)
                for each in TABS
                if self.may(each.resource, each.action)
            ],
            "may_execute": is_there and self.may("FLOW", "EXECUTE") and not self.flow.is_disabled,
            "may_change": self.may_change,
            "may_restore": self.may("FLOW", "UPDATE" if is_there else "CREATE"),
        }


def flow_url(tenant: str, namespace: str, flow_id: str) -> str:
    return f"/ui/{tenant}/flows/edit/{namespace}/{flow_id}"
