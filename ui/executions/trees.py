"""Inputs, variables and outputs as lines of a tree: a line for each value, with its path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common import json
from executions.confidential import hide_encrypted

LINES_AT_MOST = 500
_DEEPEST = 12
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is empty for what has lines below it; `path` is as expressions write it."""

    depth: int
    key: str
    path: str
    text: str
    kind: str
    is_cut: bool = False

    @property
    def pixels(self) -> int:
        return 16 * self.depth


def lines_of(value: Mapping[str, Any] | None, root: str) -> list[Line]:
    """At most LINES_AT_MOST; what is encrypted is masked."""
    lines: list[Line] = []
    for line in _walk(hide_encrypted(value) or {}, root, 0):
        lines.append(line)
        if len(lines) == LINES_AT_MOST:
            break
    return lines


def _walk(value: Any, path: str, depth: int) -> Iterator[Line]:
    for key, item in _members(value):
        below = _step(path, key)
        if _members(item) and depth < _DEEPEST:
            yield Line(depth, str(key), below, "", _kind(item))
            yield from _walk(item, below, depth + 1)
        else:
            text = item if isinstance(item, str) else json.dumps(item)
            is_cut = len(text) > _LONGEST
            yield Line(depth, str(key), below, text[:_LONGEST], _kind(item), is_cut)


def _members(value: Any) -> Sequence[tuple[Any, Any]]:
    if isinstance(value, Mapping):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else ()


def _step(path: str, key: Any) -> str:
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if str(key).isidentifier() else f"{path}['{key}']"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, str) and value.startswith("kestra:///"):
        return "file"
    kinds = {bool: "boolean", int: "number", float: "number", str: "text", list: "list"}
    return kinds.get(type(value), "object")
