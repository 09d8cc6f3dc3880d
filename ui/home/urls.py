"""Addresses of the welcome; home itself is at the root of `ui.urls`."""

from django.urls import path

from ui.home.views import save_first_flow, show_welcome

tenant_urls = [path("welcome", show_welcome), path("welcome/flow", save_first_flow)]
