"""Addresses of the API: reserved words, tenant ids, and which tenant a path names."""

import re
from dataclasses import dataclass

from common.tenancy import DEFAULT_TENANT

API_PREFIX = "/api/v1/"
TENANT_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
# fmt: off
RESERVED_SEGMENTS = frozenset(
    {
        "acls", "apps", "auditlogs", "auths", "banners", "basicAuth", "basicAuthValidationErrors",
        "bindings", "blueprints", "cluster", "concurrency-limit", "configs", "dashboards",
        "dependencies", "executions", "flows", "forgotten-password", "groups", "instance",
        "integrations", "invitation", "invitations", "kill-switches", "kv", "license",
        "license-info", "login", "logout", "logs", "main-tenant-flows", "me", "metrics",
        "namespaces", "outputs", "pebble", "plugins", "request-code", "reset-password", "roles",
        "secrets", "security-integrations", "service-accounts", "setup", "stats", "support",
        "taskruns", "templates", "tenant-access", "tenants", "tests", "triggers", "usages", "users",
        "validate-password", "worker-selectors",
    }
)
# fmt: on
"""First segments after `/api/v1/` that are no tenant; no tenant may have such an id."""
RESERVED_PAGES = RESERVED_SEGMENTS | {"assets", "errors", "static", "live", "welcome"}
"""The same after `/ui/`."""


@dataclass(frozen=True, slots=True)
class Address:
    """A path as the URL tree knows it, and the tenant that it names."""

    path: str
    tenant: str | None = None
    instance_path: str | None = None
    """For a path without a tenant: what it is if the URL tree has it instance-wide."""


def is_tenant_id(text: str) -> bool:
    return TENANT_ID.fullmatch(text) is not None and text not in RESERVED_SEGMENTS


def read_address(path: str) -> Address:
    """`/api/v1/flows/search/` is `/api/v1/main/flows/search` of tenant `main`, or instance-wide."""
    if path.startswith("/ui/"):
        first = path.removeprefix("/ui/").partition("/")[0]
        return Address(path, None if not first or first in RESERVED_PAGES else first)
    if not path.startswith("/api/"):
        return Address(_without_slash(path) if path.startswith(("/login", "/logout")) else path)
    path = _without_slash(path)
    first, _, rest = path.removeprefix(API_PREFIX).partition("/")
    if not path.startswith(API_PREFIX):
        return Address(path)
    if first in RESERVED_SEGMENTS:
        tail = path.removeprefix(API_PREFIX)
        return Address(f"{API_PREFIX}{DEFAULT_TENANT}/{tail}", DEFAULT_TENANT, path)
    return Address(path, first if first and rest else None)  # the gate knows whether it exists


def _without_slash(path: str) -> str:
    return path.rstrip("/") or "/"
