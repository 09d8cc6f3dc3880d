"""Addresses of flows, their line in the sidebar, and what the palette finds."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.flows.finders import find_flows
from ui.flows.views import change_flows, list_flows

tenant_urls = [
    path("flows", list_flows),
    path("flows/bulk", change_flows),
]
entries = [Entry(_("Flows"), "flows", "workflow", declare("FLOW", "LIST"), order=20)]
finders = [find_flows]
