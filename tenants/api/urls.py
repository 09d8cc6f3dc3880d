"""Routes of this app. Literal segments stand before those that a name could take."""

from django.urls import path

from tenants.api.views import files, key_values, namespaces
from tenants.api.views import tenants as tenant_views

instance_urls = [
    path("tenants", tenant_views.TenantsView.as_view()),
    path("tenants/search", tenant_views.TenantSearchView.as_view()),
    path("tenants/<str:id>", tenant_views.TenantView.as_view()),
]

_NAMESPACE = "namespaces/<str:namespace>"

tenant_urls = [
    path("kv", key_values.AllKeysView.as_view()),
    path("namespaces", namespaces.NamespacesView.as_view()),
    path("namespaces/autocomplete", namespaces.NamespaceAutocompleteView.as_view()),
    path("namespaces/search", namespaces.NamespaceSearchView.as_view()),
    path(_NAMESPACE, namespaces.NamespaceView.as_view()),
    path(f"{_NAMESPACE}/inherited-variables", namespaces.InheritedVariablesView.as_view()),
    path(f"{_NAMESPACE}/kv", key_values.KeysView.as_view()),
    path(f"{_NAMESPACE}/kv/inheritance", key_values.InheritedKeysView.as_view()),
    path(f"{_NAMESPACE}/kv/<str:key>", key_values.KeyView.as_view()),
    path(f"{_NAMESPACE}/files", files.FilesView.as_view()),
    path(f"{_NAMESPACE}/files/directory", files.DirectoryView.as_view()),
    path(f"{_NAMESPACE}/files/export", files.FileExportView.as_view()),
    path(f"{_NAMESPACE}/files/revisions", files.FileRevisionsView.as_view()),
    path(f"{_NAMESPACE}/files/search", files.FileSearchView.as_view()),
    path(f"{_NAMESPACE}/files/stats", files.FileStatsView.as_view()),
]
