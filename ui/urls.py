"""The addresses of all pages, below `/ui`: those of the instance first, then those of a tenant.
Each area's `urls.py` has its own; see `ui.areas`."""

from django.urls import include, path

from ui.areas import areas
from ui.errors.views import show_not_found
from ui.home.views import show_home, show_tenant

urlpatterns = [
    path("", show_home),
    path("/", show_home),
    path("/", include([each for area in areas() for each in area.root_urls])),
    path("/<str:tenant>", show_tenant),
    path("/<str:tenant>/", show_tenant),
    path("/<str:tenant>/", include([each for area in areas() for each in area.tenant_urls])),
    path("/<path:rest>", show_not_found),
]
