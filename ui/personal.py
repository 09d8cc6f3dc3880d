"""The terms in which a page is shown to somebody: theme, language, time zone, width of the sidebar.
A signed-in person's are kept; others have what their browser says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

from rbac.preferences import THEMES, Preferences
from rbac.queries import preferences_of
from rest.gate import identity_of

_REMEMBERED = "_kestra_preferences"


def preferences_for(request: HttpRequest) -> Preferences:
    """As they count for this page: nothing in them is empty."""
    known: Preferences | None = getattr(request, _REMEMBERED, None)
    if known is None:
        known = _preferences(request)
        setattr(request, _REMEMBERED, known)
    return known


@contextmanager
def in_the_terms_of(request: HttpRequest) -> Iterator[None]:
    """Texts and times inside are in the caller's language and zone."""
    chosen = preferences_for(request)
    with translation.override(chosen.language), timezone.override(ZoneInfo(chosen.time_zone)):
        yield


def sidebar_of(request: HttpRequest) -> str:
    return "folded" if request.COOKIES.get("sidebar") == "folded" else "open"


def _preferences(request: HttpRequest) -> Preferences:
    identity = identity_of(request)
    if identity.is_authenticated:
        own = preferences_of(identity)
    else:
        theme = request.COOKIES.get("theme", "")
        own = Preferences(theme=theme if theme in THEMES else THEMES[0])
    return replace(
        own,
        language=own.language or translation.get_language_from_request(request),
        time_zone=own.time_zone or _zone_of_browser(request),
    )


def _zone_of_browser(request: HttpRequest) -> str:
    """Scripts write it into a cookie with the first page."""
    said = request.COOKIES.get("zone", "")
    return said if said in available_timezones() else settings.TIME_ZONE
