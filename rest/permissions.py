"""The words by which a view declares who may call it, and how a declaration is found.

A view without a declaration is refused. Who holds which permission is known in `rbac`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver


class Access(StrEnum):
    """Declarations that name no resource."""

    OPEN = "OPEN"
    """Everybody; nobody is asked who he is."""
    SIGNED_IN = "SIGNED_IN"
    SUPER_ADMIN = "SUPER_ADMIN"


OPEN, SIGNED_IN, SUPER_ADMIN = Access.OPEN, Access.SIGNED_IN, Access.SUPER_ADMIN
ANY_ACTION = "*"
"""The caller needs some action on the resource, whichever."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A resource and the actions of which the caller needs at least one."""

    resource: str
    actions: tuple[str, ...]

    def __str__(self) -> str:
        return " or ".join(f"{self.resource}:{action}" for action in self.actions)


Declaration = Access | Permission
ActionWord = str | Sequence[str] | Declaration


def declare(resource: str | Access, action: ActionWord = ANY_ACTION) -> Declaration:
    """`("FLOW", "VIEW")`, `("KVSTORE", ["CREATE", "UPDATE"])` or one of the words of Access."""
    if isinstance(action, Access | Permission):
        return action
    if isinstance(resource, Access):
        return resource
    return Permission(resource, (action,) if isinstance(action, str) else tuple(action))


def declaration_of(view: Any, method: str) -> Declaration | None:
    """What a REST view declares for this call: `actions` by name of the view set's action, else by
    HTTP method; HEAD counts as GET; OPTIONS needs what any other method needs at least."""
    resource: str | Access | None = getattr(view, "resource", None)
    if isinstance(resource, Access):
        return resource
    actions: Mapping[str, ActionWord] = getattr(view, "actions", {})
    method = {"HEAD": "get"}.get(method.upper(), method.lower())
    word = actions.get(getattr(view, "action", None) or method) or actions.get(method)
    if word is None or (resource is None and not isinstance(word, Access | Permission)):
        return None
    return declare(resource or "", word)


def routes(
    patterns: Sequence[URLPattern | URLResolver], prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route of a URL tree with its whole path."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield path, pattern


def undeclared_routes(patterns: Sequence[URLPattern | URLResolver]) -> list[str]:
    """`METHOD path` of every route that declares nothing. A test keeps this empty."""
    missing = []
    for path, pattern in routes(patterns):
        for method, declaration in declarations_of_route(pattern.callback):
            if declaration is None:
                missing.append(f"{method} {path}")
    return missing


def declarations_of_route(callback: Any) -> list[tuple[str, Declaration | None]]:
    """Pairs of HTTP method and declaration of one URL's callback, whatever kind of view it is."""
    by_method = getattr(callback, "views_by_method", None)
    if by_method is not None:
        return [
            (method, dict(declarations_of_route(view)).get(method))
            for method, view in by_method.items()
        ]
    declared = getattr(callback, "declared", None)
    if declared is not None:
        return [(method, declared) for method in callback.methods]
    view_class = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if view_class is None:
        return [("GET", None)]
    return _of_class(view_class, getattr(callback, "actions", None))


def _of_class(view_class: Any, action_map: Mapping[str, str] | None) -> list[Any]:
    found = []
    for method in view_class.http_method_names:
        if method == "options":
            continue
        if action_map is None and not hasattr(view_class, method):
            continue
        if action_map is not None and method not in action_map:
            continue
        probe = _Probe(view_class, action_map[method] if action_map else None)
        found.append((method.upper(), declaration_of(probe, method)))
    return found


class _Probe:
    """A view as far as `declaration_of` looks at it."""

    def __init__(self, view_class: Any, action: str | None) -> None:
        self.resource = getattr(view_class, "resource", None)
        self.actions = getattr(view_class, "actions", {})
        self.action = action
