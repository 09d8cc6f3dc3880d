"""How a line reads. Whoever owns a resource registers its sentence; this package knows none."""

from collections.abc import Callable

from audit.models import AuditEntry

Describe = Callable[[AuditEntry], str]

_VERBS = {
    "CREATE": "created",
    "READ": "read",
    "UPDATE": "changed",
    "DELETE": "deleted",
    "LOGIN": "signed in",
    "LOGOUT": "signed out",
    "IMPERSONATE": "acted as",
    "LOGIN_FAILURE": "failed to sign in",
    "ACCOUNT_LOCKED": "was locked out",
}
_descriptions: dict[str, Describe] = {}


def register_description(resource: str, describe: Describe) -> None:
    """Called from an app's `ready()`."""
    _descriptions[resource] = describe


def describe(entry: AuditEntry) -> str:
    """One sentence for the entry, in English."""
    known = _descriptions.get(entry.resource)
    if known is not None:
        return known(entry)
    verb = _VERBS.get(entry.type, entry.type.lower())
    place = f"{entry.namespace}." if entry.namespace else ""
    return f"{verb} {entry.resource.replace('_', ' ').lower()} {place}{entry.object_id}".strip()
