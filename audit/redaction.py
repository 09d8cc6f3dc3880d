"""What never enters the audit log."""

from collections.abc import Collection, Mapping
from typing import Any

SECRET_FIELDS = frozenset(
    {
        "accesskey",
        "apikey",
        "apitoken",
        "authorization",
        "clientsecret",
        "credentials",
        "fulltoken",
        "password",
        "passphrase",
        "privatekey",
        "secret",
        "secretconfiguration",
        "secretkey",
        "storageconfiguration",
        "token",
    }
)


def without_secrets(value: Any, more: Collection[str] = ()) -> Any:
    """The value without the members whose names are a secret's, at any depth; `more` are names of
    the caller. Case, dashes and underscores don't matter."""
    names = SECRET_FIELDS | {_normal(name) for name in more}
    return _without(value, names)


def _without(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _without(item, names)
            for key, item in value.items()
            if _normal(str(key)) not in names
        }
    if isinstance(value, list | tuple):
        return [_without(item, names) for item in value]
    return value


def _normal(name: str) -> str:
    return name.replace("-", "").replace("_", "").lower()
