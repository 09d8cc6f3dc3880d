"""Middleware of every request, for sync and async alike: tenant of the address, CSRF, and the one
error shape for what no view answers."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from common.errors import Forbidden, Invalid
from common.tenancy import tenant_scope
from rest import csrf
from rest.errors import REASONS, Problem, error_response, problem_response
from rest.paths import Address, read_address

_JSON_PATHS = ("/api/", "/login", "/logout")


class ApiMiddleware:
    """Must stand last, next to the views; whitenoise and the like go before it."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self._answer_async(request)
        with ExitStack() as scope:
            refusal = self._enter(request, scope)
            return self._finish(request, refusal or self.get_response(request))

    async def _answer_async(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as scope:
            refusal = self._enter(request, scope)
            return self._finish(request, refusal or await self.get_response(request))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Of views that are neither DRF's nor endpoints; pages have error pages of their own."""
        return error_response(error, request) if _wants_json(request) else None

    def _enter(self, request: HttpRequest, scope: ExitStack) -> HttpResponseBase | None:
        """Tenant and address; a response if the request is refused here."""
        address = read_address(request.path_info)
        tenant = address.tenant
        if address.instance_path and _is_known(address.instance_path):
            address, tenant = Address(address.instance_path), None
        request.path_info = address.path
        request.tenant = tenant  # type: ignore[attr-defined]  # read back by rest.gate.tenant_of
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(Invalid("an address cannot hold a NUL character"), request)
        try:
            csrf.check(request)
        except Forbidden as error:
            return error_response(error, request)
        if tenant is not None:
            scope.enter_context(tenant_scope(tenant))
        return None

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _wants_json(request) and _is_html_error(response):
            response = problem_response(Problem(response.status_code), request)
        csrf.offer(request, response)
        return response


def _is_known(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return "tenant" not in match.kwargs


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(_JSON_PATHS)


def _is_html_error(response: HttpResponseBase) -> bool:
    """Django's own pages for what no view answered."""
    return response.status_code in REASONS and response.headers.get("Content-Type", "").startswith(
        "text/html"
    )
