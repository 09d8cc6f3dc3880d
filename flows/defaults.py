"""Plugin defaults: properties that types get from the flow, its namespaces and the configuration.

They work on the plain source before it is typed. Without force the nearest wins: what the task
says, the flow, the namespace, its parents, the configuration. With force what lies outermost wins,
over the task too."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.errors import NotFound
from flows.schema.parts import PluginDefault
from plugins.registry import Registry

SECTIONS = ("tasks", "errors", "finally", "afterExecution", "triggers")


def with_defaults(
    flow: Mapping[str, Any], defaults: Sequence[PluginDefault], registry: Registry
) -> dict[str, Any]:
    """The flow with `defaults`, the nearest first, applied to everything in it that has a type."""
    if not defaults:
        return dict(flow)
    applied = _Application(defaults, registry)
    return {key: applied.value(value) if key in SECTIONS else value for key, value in flow.items()}


def deep_merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """`over` laid over `base`: maps are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in over.items():
        current = merged.get(key)
        if isinstance(current, Mapping) and isinstance(value, Mapping):
            merged[key] = deep_merge(current, value)
        else:
            merged[key] = value
    return merged


class _Application:
    """Applies a list of defaults; remembers which of them concern a type."""

    def __init__(self, defaults: Sequence[PluginDefault], registry: Registry) -> None:
        self._defaults = [(item, _present_name(item.type, registry)) for item in defaults]
        self._registry = registry
        self._by_type: dict[str, list[PluginDefault]] = {}

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.value(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        inner = {key: self.value(item) for key, item in value.items()}
        type_name = inner.get("type")
        return self._completed(inner, type_name) if isinstance(type_name, str) else inner

    def _completed(self, value: dict[str, Any], type_name: str) -> dict[str, Any]:
        for default in self._concerning(type_name):
            if default.forced:
                value = deep_merge(value, default.values)
            else:
                value = deep_merge(default.values, value)
        return value

    def _concerning(self, type_name: str) -> list[PluginDefault]:
        found = self._by_type.get(type_name)
        if found is None:
            present = _present_name(type_name, self._registry)
            found = self._by_type[type_name] = [
                item
                for item, name in self._defaults
                if item.applies_to(type_name) or item.applies_to(present) or name == present
            ]
        return found


def _present_name(name: str, registry: Registry) -> str:
    try:
        return registry.canonical_name(name)
    except NotFound:
        return name
