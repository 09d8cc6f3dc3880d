"""Follows secrets through a render: a text that was made of one is registered for masking too."""

from typing import Any

from expressions.context import RenderContext, Walk
from expressions.values import is_list, is_map

_SHORTEST = 4
# Longer texts are not registered themselves; the secret inside them is.
_LONGEST = 100_000


def note_secret(context: RenderContext, value: Any) -> None:
    root = context.root
    if root.known_secrets is None:
        root.known_secrets = set()
    for text in _texts(value, context.walk()):
        if len(text) >= _SHORTEST:
            root.known_secrets.add(text)
            context.services.mask(text)


def note_derived(context: RenderContext, result: Any, *inputs: Any) -> None:
    """Registers what was made of inputs that hold a secret."""
    known = context.root.known_secrets
    if not known or result is None or isinstance(result, bool):
        return
    walk = context.walk()
    if not any(
        secret in text for item in inputs for text in _texts(item, walk) for secret in known
    ):
        return
    for text in _texts(result, walk):
        if _SHORTEST <= len(text) <= _LONGEST and text not in known:
            known.add(text)
            context.services.mask(text)


def _texts(value: Any, walk: Walk) -> list[str]:
    """All strings in nested data, map keys too."""
    if isinstance(value, str):
        return [value]
    found: list[str] = []
    if is_list(value):
        for item in value:
            walk.step()
            found += _texts(item, walk)
    elif is_map(value):
        for key, item in value.items():
            walk.step()
            found += _texts(key, walk)
            found += _texts(item, walk)
    return found
