"""Addresses of logs, and their line in the sidebar."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.logs.views import download_logs, list_logs

tenant_urls = [path("logs", list_logs), path("logs/download", download_logs)]
entries = [Entry(_("Logs"), "logs", "scroll-text", declare("EXECUTION", "ACCESS_LOGS"), order=40)]
