"""Templates to responses."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from ui.messages import is_htmx


class FrontEndMissing(RuntimeError):
    """The front end is not built: run `make install`, then start the server again."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """A page. Its template has `shell` (`ui.shell.context.Shell`), `base` (`/ui/<tenant>`) and
    `request`."""
    from ui.shell.context import Shell  # what it imports renders, too

    if not settings.KESTRA_VITE_MANIFEST.is_file():
        raise FrontEndMissing
    shell = Shell(request)
    found = loader.get_template(template)
    text = found.render({"shell": shell, "base": shell.base, **(context or {})}, request)
    response = HttpResponse(text, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def show_part(
    request: HttpRequest, template: str, part: str, context: Mapping[str, Any]
) -> HttpResponse:
    """For htmx the partial template alone, else the whole page around it."""
    return show(request, part if is_htmx(request) else template, context)


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """Sends the browser on, whether htmx asked or the browser itself."""
    if is_htmx(request):
        return HttpResponseClientRedirect(url)
    return HttpResponse(status=303, headers={"Location": url})


def own_page(wanted: str, otherwise: str) -> str:
    """The address if it is a page of ours, so that nobody is sent elsewhere."""
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_here and wanted.startswith("/ui") else otherwise
