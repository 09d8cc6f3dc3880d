"""Addresses of the shell."""

from django.urls import path

from ui.shell.views import find_in_palette

tenant_urls = [path("palette", find_in_palette)]
