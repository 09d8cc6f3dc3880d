"""Addresses of the types, and their line in the sidebar."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import SIGNED_IN
from ui.areas import Entry
from ui.plugins.views import list_plugins, show_plugin

tenant_urls = [path("plugins", list_plugins), path("plugins/<str:name>", show_plugin)]
entries = [Entry(_("Plugins"), "plugins", "puzzle", SIGNED_IN, group=_("Library"), order=200)]
