"""Addresses of namespaces, and their line in the sidebar."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.namespaces import files, key_values, views

_ONE = "namespaces/edit/<str:namespace>"

tenant_urls = [
    path("namespaces", views.list_namespaces),
    path("namespaces/new", views.create_namespace),
    path(_ONE, views.show_overview),
    path(f"{_ONE}/flows", views.list_flows),
    path(f"{_ONE}/executions", views.list_executions),
    path(f"{_ONE}/kv", key_values.list_keys),
    path(f"{_ONE}/kv/form", key_values.show_key_form),
    path(f"{_ONE}/kv/save", key_values.save_key),
    path(f"{_ONE}/kv/delete", key_values.delete_keys),
    path(f"{_ONE}/files", files.show_files),
    path(f"{_ONE}/files/folder", files.show_folder),
    path(f"{_ONE}/files/download", files.download_file),
    path(f"{_ONE}/files/save", files.save_file),
    path(f"{_ONE}/files/new", files.create_file),
    path(f"{_ONE}/files/upload", files.upload_files),
    path(f"{_ONE}/files/move", files.move_file),
    path(f"{_ONE}/files/delete", files.delete_file),
]
entries = [
    Entry(_("Namespaces"), "namespaces", "folder-tree", declare("NAMESPACE", "LIST"), order=50)
]
