"""What can be set on a tenant and on a namespace, as services take it; checked on the way in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.errors import Invalid, Violation
from common.json import dump_bytes
from tenants.limits import MAX_DOCUMENT_BYTES

# The audit log tells that these changed, never what they hold.
CONFIDENTIAL = frozenset({"storage_configuration", "secret_configuration", "settings"})
_MAX_NAME = 250
_MAX_TYPE = 100
_MAX_DESCRIPTION = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Backends:
    """Where files and secrets lie, if not where the instance has them, and further settings."""

    storage_type: str = ""
    storage_configuration: Mapping[str, Any] | None = field(default=None, repr=False)
    secret_type: str = ""
    secret_configuration: Mapping[str, Any] | None = field(default=None, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def violations(self) -> list[Violation]:
        return [
            *_too_long("storageType", self.storage_type, _MAX_TYPE),
            *_too_long("secretType", self.secret_type, _MAX_TYPE),
            *_not_a_map("storageConfiguration", self.storage_configuration),
            *_not_a_map("secretConfiguration", self.secret_configuration),
            *_too_large("settings", self.settings),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantValues(Backends):
    require_existing_namespace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespaceValues(Backends):
    description: str = ""
    variables: Mapping[str, Any] | None = None
    plugin_defaults: Sequence[Mapping[str, Any]] | None = None
    allowed_namespaces: Sequence[str] = ()

    def violations(self) -> list[Violation]:
        return [
            *Backends.violations(self),
            *_too_long("description", self.description, _MAX_DESCRIPTION),
            *_not_a_map("variables", self.variables),
            *_bad_plugin_defaults(self.plugin_defaults),
            *_bad_allowed_namespaces(self.allowed_namespaces),
        ]


def check(values: Backends, *further: Violation) -> None:
    """Raises Invalid with all that is wrong."""
    violations = [*values.violations(), *further]
    if violations:
        raise Invalid(violations=violations)


def name_violations(name: str) -> list[Violation]:
    if not name.strip():
        return [Violation("Name is missing", path="name")]
    return _too_long("name", name, _MAX_NAME)


def _too_long(path: str, text: str, limit: int) -> list[Violation]:
    if len(text) <= limit:
        return []
    return [Violation(f"Longer than {limit} characters", path=path)]


def _not_a_map(path: str, value: Any) -> list[Violation]:
    if value is None:
        return []
    if not isinstance(value, Mapping):
        return [Violation("Must be a map of names to values", path=path)]
    return _too_large(path, value)


def _too_large(path: str, value: Any) -> list[Violation]:
    try:
        size = len(dump_bytes(value))
    except TypeError:
        return [Violation("Nested too deeply", path=path)]
    if size <= MAX_DOCUMENT_BYTES:
        return []
    return [Violation(f"Larger than {MAX_DOCUMENT_BYTES} bytes", path=path)]


def _bad_plugin_defaults(defaults: Any) -> list[Violation]:
    if defaults is None:
        return []
    if not isinstance(defaults, list | tuple):
        return [Violation("Must be a list of type, forced and values", path="pluginDefaults")]
    found = _too_large("pluginDefaults", defaults)
    for position, item in enumerate(defaults):
        path = f"pluginDefaults[{position}]"
        if not isinstance(item, Mapping) or not isinstance(item.get("type"), str):
            found.append(Violation("Must be a map with a type", path=path))
        else:
            found += _not_a_map(f"{path}.values", item.get("values"))
    return found


def _bad_allowed_namespaces(allowed: Any) -> list[Violation]:
    if isinstance(allowed, list | tuple) and all(
        isinstance(name, str) and name for name in allowed
    ):
        return []
    return [Violation("Must be a list of namespaces", path="allowedNamespaces")]
