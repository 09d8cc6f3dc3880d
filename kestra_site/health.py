"""Is this server able to work? And the two addresses that belong to no app."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import FileResponse, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from kestra_site import paths
from rest.permissions import OPEN

View = Callable[[HttpRequest], HttpResponseBase]


def open_to_all(view: View) -> View:
    """Declares that everybody may GET this, as every route has to say of itself."""
    vars(view).update(declared=OPEN, methods=("GET",))
    return view


@open_to_all
def show_health(request: HttpRequest) -> HttpResponseBase:
    """200 and UP while the database answers, else 503 and DOWN."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "DOWN", "details": {"database": "DOWN"}}, status=503)
    return JsonResponse({"status": "UP"})


@open_to_all
def show_openapi(request: HttpRequest) -> HttpResponseBase:
    """The description of the API that the release was checked against."""
    file = paths.DOCS / "openapi.yml"
    if not file.is_file():
        return JsonResponse(
            {"message": "Not Found: this build has no docs/openapi.yml"}, status=404
        )
    return FileResponse(file.open("rb"), content_type="application/yaml")


@open_to_all
def go_to_pages(request: HttpRequest) -> HttpResponseBase:
    return redirect("/ui/")
