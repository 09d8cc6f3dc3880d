"""Addresses of flows, their line in the sidebar, and what the palette finds."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.flows.assistance import check_source, give_type, give_types
from ui.flows.editing import (
    compare_revisions,
    restore_revision,
    save_edited,
    show_editor,
    write_new,
)
from ui.flows.executing import execute_flow
from ui.flows.finders import find_flows
from ui.flows.importing import import_flows
from ui.flows.tabs import give_graph, list_logs, list_runs, show_overview, show_topology
from ui.flows.views import change_flows, list_flows

_FLOW = "flows/edit/<str:namespace>/<str:flow_id>"

tenant_urls = [
    path("flows", list_flows),
    path("flows/bulk", change_flows),
    path("flows/import", import_flows),
    path("flows/new", write_new),
    path("flows/check", check_source),
    path("flows/types", give_types),
    path("flows/types/<str:name>", give_type),
    path(_FLOW, show_overview),
    path(f"{_FLOW}/editor", show_editor),
    path(f"{_FLOW}/editor/save", save_edited),
    path(f"{_FLOW}/revisions", compare_revisions),
    path(f"{_FLOW}/revisions/restore", restore_revision),
    path(f"{_FLOW}/execute", execute_flow),
    path(f"{_FLOW}/topology", show_topology),
    path(f"{_FLOW}/graph", give_graph),
    path(f"{_FLOW}/executions", list_runs),
    path(f"{_FLOW}/logs", list_logs),
]
entries = [Entry(_("Flows"), "flows", "workflow", declare("FLOW", "LIST"), order=20)]
finders = [find_flows]
