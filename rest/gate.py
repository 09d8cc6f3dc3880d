"""The gate of the API as the frame sees it. `rbac` brings the implementation; the setting
`KESTRA_GATE` names it."""

from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from common.actor import Actor
from rest.identity import NOBODY, Credentials, Identity, read_credentials
from rest.permissions import Declaration


class Gate(Protocol):
    """Finds out who calls, and whether he may."""

    def identify(self, credentials: Credentials) -> Identity:
        """NOBODY without credentials; raises Unauthorized for wrong ones."""

    def authorize(
        self,
        identity: Identity,
        declaration: Declaration,
        *,
        tenant: str | None,
        namespace: str | None = None,
    ) -> None:
        """Raises Unauthorized, Forbidden, or NotFound for a tenant that does not exist."""

    def enter_from_memory(
        self,
        credentials: Credentials,
        declaration: Declaration,
        *,
        tenant: str | None,
        namespace: str | None = None,
    ) -> Identity | None:
        """The identity if it was checked moments ago and may do this; None: ask properly."""


@cache
def current_gate() -> Gate:
    return cast(Gate, import_string(settings.KESTRA_GATE)())


def credentials_of(request: HttpRequest) -> Credentials:
    return read_credentials(
        authorization=request.META.get("HTTP_AUTHORIZATION", ""),
        cookies=request.COOKIES,
        ip_address=request.META.get("REMOTE_ADDR") or "",
    )


def identity_of(request: Any) -> Identity:
    """Who sent this request (Django's or DRF's), once a view's declaration was checked."""
    inner = getattr(request, "_request", request)
    return cast(Identity, getattr(inner, "identity", NOBODY))


def actor_of(request: Any) -> Actor:
    return identity_of(request).actor


def remember_identity(request: HttpRequest, identity: Identity) -> None:
    request.identity = identity  # type: ignore[attr-defined]  # read back by identity_of


def tenant_of(request: Any) -> str | None:
    """The tenant that the address names (`rest.middleware`)."""
    inner = getattr(request, "_request", request)
    return cast("str | None", getattr(inner, "tenant", None))
