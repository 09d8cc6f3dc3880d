"""Toasts: Django's messages without its middleware. They travel in a signed cookie to the next
page, or with an htmx answer as its event `toast`."""

from collections.abc import Mapping, Sequence

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.http import trigger_client_event

_LEVELS = {"debug": "info"}


def attach_messages(request: HttpRequest) -> None:
    """From here on `django.contrib.messages.success(request, …)` and its like work."""
    setattr(request, "_messages", CookieStorage(request))  # noqa: B010  # where Django looks for it


def send_messages(request: HttpRequest, response: HttpResponseBase) -> None:
    """What was not shown goes along; an answer that sends the browser on keeps it for the page
    that follows."""
    if is_htmx(request) and not _goes_on(response):
        toasts = pending_toasts(request)
        if toasts:
            raise_toasts(response, toasts)
    storage = getattr(request, "_messages")  # noqa: B009  # as above
    if storage.added_new or storage.used:
        storage.update(response)


def pending_toasts(request: HttpRequest) -> list[dict[str, str]]:
    """Takes them: whoever asks shows them."""
    storage = getattr(request, "_messages", None)
    if storage is None or not (storage.added_new or storage.cookie_name in request.COOKIES):
        return []
    return [
        {"level": _LEVELS.get(each.level_tag, each.level_tag), "text": str(each.message)}
        for each in get_messages(request)
    ]


def raise_toasts(response: HttpResponseBase, toasts: Sequence[Mapping[str, str]]) -> None:
    """As the event `toast` that htmx raises when the answer arrives."""
    trigger_client_event(response, "toast", {"value": list(toasts)})


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _goes_on(response: HttpResponseBase) -> bool:
    sent_on = {"HX-Redirect", "HX-Location", "HX-Refresh", "Location"} & set(response.headers)
    return bool(sent_on)
