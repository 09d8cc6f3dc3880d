"""YAML text as Jackson lays it out – few quotes, list items as ` - x` – and back."""

import re
from functools import lru_cache
from typing import Any

from expressions.arguments import need_string
from expressions.context import RenderContext, fail
from expressions.errors import LimitReached
from expressions.printing import scalar_text
from expressions.values import MapEntry, is_list, is_map

_WORDS = frozenset(
    ("", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<", "---", "...")
)
_NUMBER_LIKE = re.compile(
    r"[-+]?(\.?\d[\d_]*(\.[\d_]*)?([eE][-+]?\d+)?|0x[0-9a-fA-F]+|0o[0-7]+|\.inf|\.nan)\Z",
    re.IGNORECASE | re.ASCII,
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\r": "\\r", "\n": "\\n", "\0": "\\0"}
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_DEEPEST = 200
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_TAB_LIKE = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]')


def to_yaml(context: RenderContext, value: Any) -> str:
    if value is None:
        return "null"
    writer = _Writer(context)
    try:
        writer.node(value, 0)
    except RecursionError as error:
        raise LimitReached("a value is nested too deeply to be written as YAML") from error
    return "".join(writer.parts) + "\n"


class _Writer:
    def __init__(self, context: RenderContext) -> None:
        self.parts: list[str] = []
        self._length = 0
        self._context = context
        self._walk = context.walk()

    def _add(self, part: str) -> None:
        self.parts.append(part)
        self._length += len(part)
        self._context.check_length(self._length)

    def node(self, value: Any, column: int) -> None:
        """Writes at the current place; lines that follow begin at `column`."""
        self._walk.step()
        if type(value) is MapEntry:
            value = {value.key: value.value}
        if is_map(value):
            self._map(value, column) if value else self._add("{}")
        elif is_list(value):
            self._list(value, column) if value else self._add("[]")
        else:
            self._add(_scalar(value, column))

    def _map(self, entries: Any, column: int) -> None:
        for index, (key, value) in enumerate(entries.items()):
            if index:
                self._add("\n" + " " * column)
            self._add(_scalar(scalar_text(key) or "", column) + ":")
            if is_map(value) and value:
                self._add("\n" + " " * (column + 2))
                self.node(value, column + 2)
            elif is_list(value) and value:
                self._add("\n" + " " * column)
                self.node(value, column)
            else:
                self._add(" ")
                self.node(value, column + 2)

    def _list(self, items: Any, column: int) -> None:
        for index, item in enumerate(items):
            if index:
                self._add("\n" + " " * column)
            if is_list(item) and item:
                # Its own first line begins with the blank after this dash.
                self._add(" -")
                self.node(item, column + 2)
            else:
                self._add(" - ")
                self.node(item, column + 3)


def _scalar(value: Any, column: int) -> str:
    if not isinstance(value, str):
        return scalar_text(value) or ""
    if "\n" in value and not _UNPRINTABLE.search(value) and not value[0].isspace():
        return _literal(value, column)
    return _double_quoted(value) if _needs_quotes(value) else value


def _literal(text: str, column: int) -> str:
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    mark = {0: "|-", 1: "|"}.get(ends, "|+")
    indent = "\n" + " " * max(column, 2)
    lines = body.split("\n")
    written = "".join(indent + line if line else "\n" for line in lines)
    return mark + written + "\n" * max(ends - 1, 0)


def _needs_quotes(text: str) -> bool:
    if text.lower() in _WORDS or _NUMBER_LIKE.match(text) or text != text.strip():
        return True
    first, second = text[0], text[1:2]
    if first in "!&*|>'\"%@`#,[]{}" or (first in "-?:" and second in ("", " ")):
        return True
    if ": " in text or " #" in text or text.endswith(":"):
        return True
    return bool(_CONTROL.search(text))


def _double_quoted(text: str) -> str:
    def escaped(found: re.Match[str]) -> str:
        letter = found.group()
        return _ESCAPES.get(letter) or f"\\u{ord(letter):04x}"

    return f'"{_TAB_LIKE.sub(escaped, text)}"'


@lru_cache(maxsize=1)
def _loader() -> Any:
    """PyYAML's safe loader with the few implicit types of JSON; dates stay text."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # C if built
        pass

    Loader.yaml_implicit_resolvers = {}
    for tag, expression, firsts in (
        ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
        ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
        ("int", r"[-+]?(?:0|[1-9][0-9_]*|0x[0-9a-fA-F]+|0[0-7]+)\Z", "-+0123456789"),
        (
            "float",
            r"[-+]?(?:[0-9][0-9_]*\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?\Z",
            "-+.0123456789",
        ),
        ("float", r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z", "-+."),
    ):
        Loader.add_implicit_resolver(
            f"tag:yaml.org,2002:{tag}", re.compile(expression), list(firsts)
        )
    return Loader


def from_yaml(context: RenderContext, text: Any) -> Any:
    return parse_yaml(context, need_string(text, "yaml"))


def parse_yaml(context: RenderContext, text: str) -> Any:
    """The first document as plain data."""
    import yaml

    try:
        _check_depth(text)
        loader = _loader()(text)
        try:
            value = loader.get_single_data()
        finally:
            loader.dispose()
        return _plain(value, context.walk())
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        return fail("the text is not YAML" + (f" at line {mark.line + 1}" if mark else ""))
    except RecursionError:
        return fail("the YAML is nested too deeply")


def _check_depth(text: str) -> None:
    """The C parser reads events one by one, but composes by recursion without a guard: text that
    is nested deeply enough would end the process."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                fail(f"the YAML is nested deeper than {_DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _plain(value: Any, walk: Any) -> Any:
    """Copies what anchors share, within the limit: a short text can stand for a huge value."""
    walk.step()
    if isinstance(value, dict):
        return {
            key if isinstance(key, str) else scalar_text(key): _plain(item, walk)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_plain(item, walk) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return fail("the YAML holds a type other than text, numbers, lists and maps")
