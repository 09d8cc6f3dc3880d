"""The URL tree: each app's own routes below `/api/v1/`. A path without a tenant has been given
the default one by `rest.middleware`, unless it belongs to the whole instance."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

from kestra_site.health import go_to_pages, show_health, show_openapi

Routes = list[URLPattern | URLResolver]

APPS_WITH_ROUTES = (
    "rest", "audit", "tenants", "rbac", "kestra_secrets", "flows", "executions", "kestra_site",
)  # fmt: skip


def routes_of_apps(name: str) -> Routes:
    """The lists of that name in the apps' `api/urls.py`, in the order of the arrows."""
    found: Routes = []
    for app in APPS_WITH_ROUTES:
        if find_spec(f"{app}.api") and find_spec(f"{app}.api.urls"):
            found += getattr(import_module(f"{app}.api.urls"), name, [])
    return found


urlpatterns: Routes = [
    path("", go_to_pages),
    path("health", show_health),
    path("api/openapi.yml", show_openapi),
    *routes_of_apps("root_urls"),
    # What belongs to the whole instance wins over a tenant's resource of the same name.
    path("api/v1/", include(routes_of_apps("instance_urls"))),
    path("api/v1/<str:tenant>/", include(routes_of_apps("tenant_urls"))),
]
# By name, so that the pages are imported with the first request for one.
urlpatterns += [URLResolver(RoutePattern("ui"), "ui.urls")]
handler404 = "ui.errors.handlers.not_found"
handler500 = "ui.errors.handlers.failed"
