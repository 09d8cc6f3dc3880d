"""Signing in and out, the first set-up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from common.errors import Conflict, Forbidden, Invalid, Unauthorized
from rbac.api.sign_in import set_session_cookie
from rbac.services import SignedIn, create_first_administrator, login, logout, use_sign_in_link
from rbac.services.sessions import open_session
from rbac.services.setup import is_set_up
from rest.csrf import CSRF_COOKIE, CSRF_FIELD
from rest.gate import credentials_of, current_gate
from rest.identity import SESSION_COOKIE
from rest.permissions import OPEN
from ui.account.checks import check_configuration
from ui.account.forms import SetupForm, SignInForm, password_hint
from ui.frame import page
from ui.rendering import go_to, own_page, show

HOME = "/ui/"


@page(OPEN, methods=("GET", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    if not is_set_up():
        return go_to(request, "/ui/setup")
    form = SignInForm(request.POST or None)
    error = ""
    if request.method == "POST":
        _require_own_form(request)
        if form.is_valid():
            try:
                signed_in = login(**form.cleaned_data, **_place_of(request))
            except Unauthorized as refusal:
                error = str(refusal).capitalize() + "."
            else:
                return let_in(request, signed_in, own_page(request.GET.get("next", ""), HOME))
    context = {"form": form, "error": error, "next": request.GET.get("next", "")}
    return show(request, "account/sign_in.html", context, status=401 if error else 200)


@page(OPEN)
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link that a server prints when it starts."""
    try:
        signed_in = use_sign_in_link(token=token, **_place_of(request))
    except Unauthorized as refusal:
        messages.error(request, str(refusal).capitalize() + ".")
        return go_to(request, "/ui/login")
    return let_in(request, signed_in, HOME)


@page(OPEN, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """Open, so that an old cookie can be dropped as well."""
    try:
        identity = current_gate().identify(credentials_of(request))
    except Unauthorized:
        identity = None
    if identity is not None and identity.session_id:
        logout(actor=identity.actor, session_id=identity.session_id)
    messages.info(request, _("You are signed out."))
    response = go_to(request, "/ui/login")
    response.delete_cookie(SESSION_COOKIE, path="/", samesite="Lax")
    return response


@page(OPEN, methods=("GET", "POST"))
def set_up(request: HttpRequest) -> HttpResponse:
    """The first start: looks at the configuration, makes the tenant and the first user."""
    if is_set_up():
        return go_to(request, HOME)
    form = SetupForm(request.POST or None)
    if request.method == "POST":
        _require_own_form(request)
        if form.is_valid():
            try:
                return _start(request, form)
            except (Invalid, Conflict) as refusal:
                form.add_error(None, str(refusal))
    checks = check_configuration()
    context = {"form": form, "checks": checks, "password_hint": password_hint()}
    return show(request, "account/set_up.html", context, status=422 if form.errors else 200)


def _start(request: HttpRequest, form: SetupForm) -> HttpResponse:
    given = form.cleaned_data
    user = create_first_administrator(
        username=given["username"],
        password=given["password"],
        tenant=given["tenant"],
        tenant_name=given["tenant_name"],
    )
    signed_in = open_session(user=user, **_place_of(request), means="set-up")
    return let_in(request, signed_in, f"/ui/{given['tenant']}/")


def let_in(request: HttpRequest, signed_in: SignedIn, url: str) -> HttpResponse:
    response = go_to(request, url)
    set_session_cookie(response, signed_in)
    return response


def _place_of(request: HttpRequest) -> dict[str, str]:
    return {
        "ip_address": credentials_of(request).ip_address,
        "user_agent": request.META.get("HTTP_USER_AGENT", ""),
    }


def _require_own_form(request: HttpRequest) -> None:
    """The frame checks the token of those who are signed in; nobody else may be signed in by a
    form of another site, either."""
    cookie = request.COOKIES.get(CSRF_COOKIE, "")
    if not cookie or not constant_time_compare(cookie, request.POST.get(CSRF_FIELD, "")):
        raise Forbidden("this form is too old or not of this site: load the page again")
