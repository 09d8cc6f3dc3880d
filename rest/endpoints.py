"""Async endpoints: the hot paths of the API, without DRF but behind the same gate."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Protocol, cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from common import json
from rest.errors import MethodNotAllowed, error_response
from rest.gate import credentials_of, current_gate, remember_identity, tenant_of
from rest.identity import Identity
from rest.permissions import Access, ActionWord, Declaration, declare
from rest.threads import in_database_thread

AsyncView = Callable[..., Awaitable[Any]]
SyncView = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the OpenAPI document says about an endpoint."""

    operation_id: str
    summary: str = ""
    tags: tuple[str, ...] = ()
    request: dict[str, Any] | None = None
    responses: dict[str, Any] | None = None
    parameters: tuple[dict[str, Any], ...] = ()


class Endpoint(Protocol):
    """A callback of the URL tree with its declaration."""

    declared: Declaration
    methods: tuple[str, ...]
    operation: Operation

    async def __call__(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase: ...


def endpoint(
    resource: str | Access,
    action: ActionWord = "*",
    *,
    methods: Sequence[str] = ("GET",),
    operation: Operation | None = None,
    namespace_argument: str = "namespace",
) -> Callable[[AsyncView], Endpoint]:
    """Makes an async function an endpoint. It is given the request and the URL's arguments and
    returns a response, or what becomes the JSON of one. `actor_of(request)` is the caller."""
    declared = declare(resource, action)
    allowed = tuple(method.upper() for method in methods)

    def decorate(function: AsyncView) -> Endpoint:
        @wraps(function)
        async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in allowed:
                refusal = MethodNotAllowed(f"use {' or '.join(allowed)} here")
                return error_response(refusal, request)
            try:
                namespace = kwargs.get(namespace_argument)
                remember_identity(request, await enter(request, declared, namespace))
                return _response(await function(request, *args, **kwargs))
            except Exception as error:  # noqa: BLE001,RUF100  # the edge: every error becomes an answer
                return error_response(error, request)

        made = cast(Endpoint, answer)
        made.declared, made.methods = declared, allowed
        made.operation = operation or Operation(function.__name__)
        return made

    return decorate


async def enter(
    request: HttpRequest, declared: Declaration, namespace: str | None = None
) -> Identity:
    """Who calls; raises unless he may. From memory if he was checked moments ago."""
    gate, credentials, tenant = current_gate(), credentials_of(request), tenant_of(request)
    known = gate.enter_from_memory(credentials, declared, tenant=tenant, namespace=namespace)
    if known is not None:
        return known

    def ask() -> Identity:
        identity = gate.identify(credentials)
        gate.authorize(identity, declared, tenant=tenant, namespace=namespace)
        return identity

    return await in_database_thread(ask)


def by_method(**views: Any) -> Any:
    """One address, a view for each method, async or not: `by_method(get=..., post=...)`."""
    table = {method.upper(): view for method, view in views.items()}

    async def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        view = table.get({"HEAD": "GET"}.get(request.method or "", request.method or ""))
        if view is None:
            return error_response(MethodNotAllowed(f"use {' or '.join(table)} here"), request)
        if iscoroutinefunction(view):
            return cast(HttpResponseBase, await view(request, *args, **kwargs))
        return cast(
            HttpResponseBase,
            await sync_to_async(view, thread_sensitive=True)(request, *args, **kwargs),
        )

    setattr(answer, "views_by_method", table)  # noqa: B010  # read by rest.permissions, rest.openapi
    return answer


class _Made(HttpResponse):
    """Made here: it holds nothing open."""


def is_threadless(response: HttpResponseBase) -> bool:
    """Whether closing it concerns no thread and waits for nothing."""
    return isinstance(response, _Made)


def _response(answer: Any) -> HttpResponseBase:
    if isinstance(answer, HttpResponseBase):
        return answer
    if answer is None:
        return HttpResponse(status=204)
    return _Made(json.dump_bytes(answer), content_type="application/json")
