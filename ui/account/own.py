"""What a signed-in person chooses: appearance, language and zone, his password."""

from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common.errors import Forbidden
from rbac.passwords import checked_pairs
from rbac.queries import preferences_of, user_of
from rbac.services import set_password, set_preferences
from rbac.services.sessions import open_session
from rest.gate import actor_of, credentials_of, identity_of
from rest.permissions import SIGNED_IN
from ui.account.forms import NewPasswordForm, password_hint
from ui.account.views import let_in
from ui.frame import page
from ui.rendering import go_to, show

PAGE = "/settings"
_CHOICES = ("theme", "language", "time_zone")


@page(SIGNED_IN, methods=("GET", "POST"))
def show_settings(request: HttpRequest, tenant: str) -> HttpResponse:
    """The page, and what its form or the menus of the shell send: any of theme, language and
    time_zone. Scripts get 204."""
    identity = identity_of(request)
    if request.method == "POST":
        chosen = {name: request.POST[name] for name in _CHOICES if name in request.POST}
        set_preferences(account=identity.account, **chosen)
        if "HTTP_X_REQUESTED_WITH" in request.META:
            return HttpResponse(status=204)
        messages.success(request, _("Saved."))
        return go_to(request, f"/ui/{tenant}{PAGE}")
    return show(request, "account/settings.html", _context(request, NewPasswordForm()))


@page(SIGNED_IN, methods=("POST",))
def change_password(request: HttpRequest, tenant: str) -> HttpResponse:
    """Ends his other sessions. Who has a password already must know it."""
    identity = identity_of(request)
    if identity.is_restricted:
        raise Forbidden("this account is restricted: it cannot change itself")
    user, form = user_of(identity), NewPasswordForm(request.POST)
    present = request.POST.get("present", "")
    if user.has_usable_password() and not checked_pairs.is_right(user, present):
        form.add_error(None, _("The present password is not right."))
    if not form.is_valid():
        return show(request, "account/settings.html", _context(request, form), status=422)
    set_password(actor=actor_of(request), user=user, password=form.cleaned_data["password"])
    signed_in = open_session(
        user=user,
        ip_address=credentials_of(request).ip_address,
        user_agent=request.META.get("HTTP_USER_AGENT", ""),
        means="new password",
    )
    messages.success(request, _("The password is set. Other sessions were ended."))
    return let_in(request, signed_in, f"/ui/{tenant}{PAGE}")


def _context(request: HttpRequest, form: NewPasswordForm) -> dict[str, object]:
    identity = identity_of(request)
    return {
        "own": preferences_of(identity),
        "zones": sorted(available_timezones()),
        "form": form,
        "has_password": user_of(identity).has_usable_password(),
        "password_hint": password_hint(),
    }
