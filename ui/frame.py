"""The frame of every page: who asks, whether he may, his language and zone, and what becomes of an
error. A page view is a plain function behind the decorator `page`."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from rest.errors import MethodNotAllowed
from rest.gate import credentials_of, current_gate, identity_of, remember_identity, tenant_of
from rest.permissions import OPEN, SIGNED_IN, Access, ActionWord, Declaration, declare
from rest.threads import in_database_thread
from ui.errors.answers import answer_error
from ui.messages import attach_messages, send_messages
from ui.personal import in_the_terms_of

PageFunction = Callable[..., HttpResponseBase]


class PageView(Protocol):
    """A callback of the URL tree with its declaration, as `rest.permissions` reads it."""

    declared: Declaration
    methods: tuple[str, ...]

    async def __call__(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def page(
    resource: str | Access,
    action: ActionWord = "*",
    *,
    methods: Sequence[str] = ("GET",),
    namespace_argument: str = "namespace",
) -> Callable[[PageFunction], PageView]:
    """Makes a function a page. It runs in a thread that may use the database, inside the tenant of
    the address; a URL argument of the name `namespace_argument` is part of the check. What it
    raises becomes an error page, or for htmx a toast."""
    declared = declare(resource, action)
    allowed = tuple(method.upper() for method in methods)

    def decorate(function: PageFunction) -> PageView:
        @wraps(function)
        async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            def work() -> HttpResponseBase:
                attach_messages(request)
                try:
                    _require_method(request, allowed)
                    _enter(request, declared, kwargs.get(namespace_argument))
                    with in_the_terms_of(request):
                        response = function(request, *args, **kwargs)
                except Exception as error:  # noqa: BLE001,RUF100  # the edge: every error becomes a page
                    response = answer_error(error, request)
                send_messages(request, response)
                return response

            return await in_database_thread(work)

        made = cast(PageView, answer)
        made.declared, made.methods = declared, allowed
        return made

    return decorate


def require(
    request: HttpRequest, resource: str, action: ActionWord, *, namespace: str | None = None
) -> None:
    """Raises Forbidden unless the caller may do this, too."""
    current_gate().authorize(
        identity_of(request),
        declare(resource, action),
        tenant=tenant_of(request),
        namespace=namespace,
    )


def _require_method(request: HttpRequest, allowed: tuple[str, ...]) -> None:
    if {"HEAD": "GET"}.get(request.method or "", request.method) not in allowed:
        raise MethodNotAllowed(f"use {' or '.join(allowed)} here")


def _enter(request: HttpRequest, declared: Declaration, namespace: str | None) -> None:
    """Raises Unauthorized, Forbidden, or NotFound for a tenant that does not exist."""
    if declared is OPEN:
        return
    gate, credentials = current_gate(), credentials_of(request)
    identity = gate.enter_from_memory(credentials, SIGNED_IN, tenant=None)
    if identity is None:
        identity = gate.identify(credentials)
    remember_identity(request, identity)  # an error page, too, shows who it is
    gate.authorize(identity, declared, tenant=tenant_of(request), namespace=namespace)
