"""Ids of tenants and namespaces and names of keys: what is allowed, and how namespaces nest."""

import re

from common.errors import Invalid, Violation
from rest.paths import RESERVED_SEGMENTS, TENANT_ID
from tenants.limits import MAX_KEY_LENGTH, MAX_NAMESPACE_LENGTH, MAX_TENANT_LENGTH

_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9._-]*")
_KEY = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")


def check_tenant_id(tenant: str) -> None:
    """Raises Invalid."""
    if not TENANT_ID.fullmatch(tenant) or len(tenant) > MAX_TENANT_LENGTH:
        raise _invalid(
            "id",
            tenant,
            "Tenant id is invalid: small letters, digits, '-' and '_', beginning with a letter "
            f"or digit, at most {MAX_TENANT_LENGTH} characters",
        )
    if tenant in RESERVED_SEGMENTS:
        raise _invalid("id", tenant, f"Tenant id '{tenant}' is a reserved word")


def check_namespace_id(namespace: str, *, path: str = "id") -> None:
    """Raises Invalid."""
    if not _NAMESPACE.fullmatch(namespace) or len(namespace) > MAX_NAMESPACE_LENGTH:
        raise _invalid(
            path,
            namespace,
            "Namespace is invalid: small letters, digits, '.', '-' and '_', beginning with a "
            f"letter or digit, at most {MAX_NAMESPACE_LENGTH} characters",
        )
    # Each part is a folder in internal storage, where a leading underscore marks our own.
    if any(not part or part.startswith("_") for part in namespace.split(".")):
        raise _invalid(
            path, namespace, "Namespace is invalid: no part of it may be empty or begin with '_'"
        )


def check_key(key: str) -> None:
    """Raises Invalid."""
    if not _KEY.fullmatch(key) or len(key) > MAX_KEY_LENGTH or "/" in key or "\\" in key:
        raise _invalid(
            "key",
            key,
            "Key is invalid: printable ASCII characters without slashes, not beginning or ending "
            f"with a blank, at most {MAX_KEY_LENGTH} characters",
        )


def parents_of(namespace: str) -> list[str]:
    """`a.b.c` has the parents `a` and `a.b`, outermost first."""
    parts = namespace.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def line_of(namespace: str) -> list[str]:
    """The namespace with all its parents, outermost first, itself last."""
    return [*parents_of(namespace), namespace]


def is_within(namespace: str, ancestor: str) -> bool:
    """Whether it is that namespace or lies below it."""
    return namespace == ancestor or namespace.startswith(f"{ancestor}.")


def _invalid(path: str, value: str, message: str) -> Invalid:
    return Invalid(violations=[Violation(message, path=path, invalid_value=value[:200])])
