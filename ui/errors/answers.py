"""What becomes of an error on a page: sign-in, an error page, a toast, or JSON for scripts."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from common.errors import Unauthorized
from rest.errors import Problem, problem_of, problem_response, unexpected
from ui.messages import is_htmx, raise_toasts
from ui.personal import in_the_terms_of
from ui.rendering import FrontEndMissing, go_to, show

SIGN_IN = "/ui/login"


@dataclass(frozen=True, slots=True)
class Explanation:
    title: Any
    advice: Any
    drawing: str


_EXPLANATIONS = {
    403: Explanation(
        _("You are not allowed to see this"),
        _("Ask somebody who administers this tenant for the permission named above."),
        "lock",
    ),
    404: Explanation(
        _("There is nothing at this address"),
        _("It may have been deleted or renamed, or it belongs to another tenant."),
        "lost",
    ),
    500: Explanation(
        _("Something went wrong on the server"),
        _("It was written into the server's log. Trying again may help."),
        "broken",
    ),
    503: Explanation(
        _("A part of the server does not answer"), _("Try again in a moment."), "broken"
    ),
}
_OTHER = Explanation(
    _("This cannot be done"), _("Go back and look at what was asked for."), "broken"
)


def answer_error(error: Exception, request: HttpRequest) -> HttpResponse:
    """401 leads to the sign-in, and from there back here."""
    if isinstance(error, FrontEndMissing):
        return HttpResponse(f"{error}\n", status=503, content_type="text/plain; charset=utf-8")
    problem = problem_of(error) or unexpected(error, request.path)
    if _wants_json(request):
        return problem_response(problem, request)
    if isinstance(error, Unauthorized) and not request.path.startswith(SIGN_IN):
        return go_to(request, f"{SIGN_IN}?{urlencode({'next': _here(request)})}")
    if is_htmx(request):
        return _toast(problem)
    return error_page(problem, request)


def error_page(problem: Problem, request: HttpRequest) -> HttpResponse:
    with in_the_terms_of(request):
        return show(
            request,
            "errors/error.html",
            {
                "problem": problem,
                "explained": _EXPLANATIONS.get(problem.status, _OTHER),
                "detail": problem.detail if problem.status != 404 else "",
            },
            status=problem.status,
        )


def _toast(problem: Problem) -> HttpResponse:
    response = HttpResponse(status=problem.status)
    told = {"level": "error", "text": problem.message, "detail": _places(problem)}
    raise_toasts(response, [told])
    return response


def _places(problem: Problem) -> str:
    return "\n".join(str(violation) for violation in problem.violations)


def _here(request: HttpRequest) -> str:
    """The page that the browser shows, if htmx asked for a part of it."""
    if is_htmx(request):
        shown = request.headers.get("HX-Current-URL", "")
        return shown[shown.find("/ui") :] if "/ui" in shown else "/ui/"
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")
