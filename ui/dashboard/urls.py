"""The address of the dashboard, and its line in the sidebar: the first, so that home leads here."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.dashboard.views import show_dashboard

tenant_urls = [path("dashboard", show_dashboard)]
entries = [
    Entry(_("Home"), "dashboard", "layout-dashboard", declare("EXECUTION", "LIST"), order=10)
]
