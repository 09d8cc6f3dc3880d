"""Who opens a socket, and whether he may: asked when it opens and again every few seconds."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.cookie import parse_cookie

from rest.gate import current_gate
from rest.identity import Credentials, read_credentials
from rest.permissions import Declaration
from rest.threads import in_database_thread

Scope = Mapping[str, Any]


def credentials_of_socket(scope: Scope) -> Credentials:
    client = scope.get("client") or ("",)
    return read_credentials(
        authorization=_header(scope, b"authorization"),
        cookies=parse_cookie(_header(scope, b"cookie")),
        ip_address=client[0],
    )


def is_from_our_pages(scope: Scope) -> bool:
    """Browsers open sockets for pages of any site, with our cookie: the origin tells them apart.
    Clients that are no browser send none."""
    origin = _header(scope, b"origin")
    if not origin:
        return True
    own = {_header(scope, b"host"), urlsplit(settings.KESTRA_URL).netloc}
    return urlsplit(origin).netloc in own


async def require_on_socket(
    credentials: Credentials, declared: Declaration, *, tenant: str, namespace: str
) -> None:
    """Raises Unauthorized, Forbidden or NotFound. From memory if it was asked moments ago."""
    gate = current_gate()
    if gate.enter_from_memory(credentials, declared, tenant=tenant, namespace=namespace):
        return

    def ask() -> None:
        identity = gate.identify(credentials)
        gate.authorize(identity, declared, tenant=tenant, namespace=namespace)

    await in_database_thread(ask)


def _header(scope: Scope, wanted: bytes) -> str:
    for name, value in scope["headers"]:
        if name == wanted:
            return str(value, "latin-1")
    return ""
