"""Django's handlers of what no view answered, outside `/ui`: a page for people, a plain word for
machines. They run outside the frame, so they ask the database nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseServerError

_MACHINES = ("/api/", "/login", "/logout", "/health")


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    if request.path.startswith(_MACHINES):
        return HttpResponseNotFound("<h1>Not Found</h1>")
    from rest.errors import Problem  # with the first page
    from ui.errors.answers import error_page

    return error_page(Problem(404), request)


def failed(request: HttpRequest) -> HttpResponse:
    """A failure of the frame itself, so nothing of it is used."""
    return HttpResponseServerError("<h1>Server Error</h1>")
