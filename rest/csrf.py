"""Double-submit protection of requests that a browser signs in by cookie."""

import secrets

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from common.errors import Forbidden
from rest.gate import credentials_of
from rest.identity import Scheme

CSRF_COOKIE = "csrfToken"
CSRF_HEADER = "HTTP_X_CSRF_TOKEN"
CSRF_FIELD = "csrfToken"
_SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_FORM = "application/x-www-form-urlencoded"
_TOKEN_BYTES = 24


def check(request: HttpRequest) -> None:
    """Raises Forbidden. Clients that are no browser send none of the three marks and are let by."""
    if request.method in _SAFE or credentials_of(request).scheme is not Scheme.COOKIE:
        return
    cookie = request.COOKIES.get(CSRF_COOKIE, "")
    if not cookie and not {"HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE"} & request.META.keys():
        return
    sent = request.META.get(CSRF_HEADER, "")
    if not sent and request.content_type == _FORM:
        sent = request.POST.get(CSRF_FIELD, "")
    if not cookie or not constant_time_compare(cookie, sent):
        raise Forbidden(
            "the CSRF token is missing or old: repeat the cookie csrfToken in the header"
            " X-CSRF-TOKEN, or load the page again"
        )


def token_of(request: HttpRequest) -> str:
    """The value for `<meta name="csrf-token">` and for the field `csrfToken` of forms."""
    made: str = getattr(request, "csrf_token", "") or request.COOKIES.get(CSRF_COOKIE, "")
    if not made:
        made = secrets.token_urlsafe(_TOKEN_BYTES)
    request.csrf_token = made  # type: ignore[attr-defined]  # kept for `offer`
    return made


def offer(request: HttpRequest, response: HttpResponseBase) -> None:
    """Pages get the cookie, readable by scripts."""
    if not request.path.startswith("/ui/") or request.COOKIES.get(CSRF_COOKIE):
        return
    response.set_cookie(
        CSRF_COOKIE, token_of(request), path="/", samesite="Lax", secure=cookies_are_secure()
    )


def cookies_are_secure() -> bool:
    return bool(getattr(settings, "KESTRA_COOKIES_SECURE", True))
