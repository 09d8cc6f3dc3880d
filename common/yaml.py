"""The YAML edge: safe loading within limits, scalars as flows mean them, and where everything is.

Only `true`, `false`, `null`, `~` and numbers have a type of their own: `yes`, `on`, dates and
times stay text. Duplicate keys and tags are refused, the order of keys is kept."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from common.errors import Invalid, TooLarge, Violation

MAX_BYTES = 1_048_576
MAX_DEPTH = 200
MAX_ALIASED_VALUES = 20_000

Position = tuple[int, int]

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)\Z")
_HEX = re.compile(r"[-+]?0x[0-9a-fA-F_]+\Z")
_OCTAL = re.compile(r"[-+]?0o?[0-7_]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*\.[0-9_]*|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
}
_NUMBER_STARTS = frozenset("-+.0123456789")
_SEPARATOR = re.compile(r"^---[ \t]*(?:#.*)?\r?$\n?", re.MULTILINE)
_MERGE = "<<"


class Positions(Mapping[str, Position]):
    """Line and column, from 1, of each value by its path (`tasks[0].message`): of the key for the
    entries of a map, of the value for the items of a list. The root is the empty path."""

    def __init__(self, places: Mapping[str, Position]) -> None:
        self._places = places

    def __getitem__(self, path: str) -> Position:
        return self._places[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def nearest(self, path: str) -> Position | None:
        """The position of `path`, or of the closest thing around it that is there."""
        while path not in self._places:
            if not path:
                return None
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._places[path]


@dataclass(frozen=True, slots=True)
class LoadedYaml:
    value: Any
    positions: Positions


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One of the documents of a text; `first_line` is where it begins there, from 1."""

    source: str
    first_line: int


def load_yaml(source: str, *, max_bytes: int = MAX_BYTES) -> LoadedYaml:
    """The single document of `source`. Raises Invalid with the line and column of the fault, and
    TooLarge beyond `max_bytes`."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        raise _invalid(
            "a character that is not valid Unicode", *_place(source, error.start)
        ) from error
    if size > max_bytes:
        raise TooLarge(f"The source has {size} bytes; at most {max_bytes} are read")
    try:
        return _Loader(source).load()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _invalid(f"not valid YAML: {_reason(error)}", line, column) from error
    except yaml.reader.ReaderError as error:
        read = source.encode()[: int(error.position)].decode(errors="ignore")
        line, column = _place(source, len(read))  # libyaml counts bytes
        raise _invalid(f"not valid YAML: {error.reason}", line, column) from error


def split_documents(source: str) -> list[YamlDocument]:
    """The documents that lines of `---` separate, byte for byte; empty ones are left out."""
    documents = []
    start = 0
    ends = [(match.start(), match.end()) for match in _SEPARATOR.finditer(source)]
    for end, following in [*ends, (len(source), len(source))]:
        part = source[start:end]
        if _has_content(part):
            documents.append(YamlDocument(part, source.count("\n", 0, start) + 1))
        start = following
    return documents


def dump_yaml(value: Any) -> str:
    """Block style, keys in their order; loads back to the same value."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000, indent=2
    )


class _Dumper(yaml.SafeDumper):
    """Writes many-lined texts as blocks and never an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    if style is None and resolve_scalar(value) != value:
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _represent_text)


class _Loader:
    """Builds values from the parser's events. The nesting of the events is checked here, so that
    no depth of the source reaches a stack."""

    def __init__(self, source: str) -> None:
        self._parser = _parser_class()(source)
        self._next = self._parser.get_event
        self._places: dict[str, Position] = {}
        self._anchors: dict[str, Any] = {}
        self._open_anchors: set[str] = set()
        self._aliased = 0
        self._depth = 0

    def load(self) -> LoadedYaml:
        value = None
        seen = False
        try:
            while True:
                event = self._next()
                if isinstance(event, yaml.StreamEndEvent):
                    break
                if isinstance(event, yaml.DocumentStartEvent):
                    if seen:
                        raise _refuse(event, "there is a second document after a line `---`")
                    seen = True
                    value = self._value(self._next(), "")
        finally:
            self._parser.dispose()
        return LoadedYaml(value, Positions(self._places))

    def _value(self, event: Any, path: str) -> Any:
        if path not in self._places:
            mark = event.start_mark
            self._places[path] = (mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        if event.tag is not None and event.tag != "!":
            raise _refuse(event, f"the tag {_short_tag(event.tag)} is not allowed")
        if isinstance(event, yaml.ScalarEvent):
            value = resolve_scalar(event.value) if _is_plain(event) else event.value
        else:
            value = self._collection(event, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = value
        return value

    def _collection(self, event: Any, path: str) -> Any:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _refuse(event, f"the nesting is deeper than {MAX_DEPTH} levels")
        if event.anchor is not None:
            self._open_anchors.add(event.anchor)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        value = self._list(path) if is_list else self._map(path)
        if event.anchor is not None:
            self._open_anchors.discard(event.anchor)
        self._depth -= 1
        return value

    def _list(self, path: str) -> list[Any]:
        items: list[Any] = []
        event = self._next()
        while not isinstance(event, yaml.SequenceEndEvent):
            items.append(self._value(event, f"{path}[{len(items)}]"))
            event = self._next()
        return items

    def _map(self, path: str) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        merged: list[dict[str, Any]] = []
        event = self._next()
        while not isinstance(event, yaml.MappingEndEvent):
            key = _key(event)
            mark = event.start_mark
            here = f"{path}.{key}" if path else key
            if key == _MERGE and _is_plain(event):
                merged.extend(self._merged(event, here))
            elif key in entries:
                raise _refuse(event, f"the key '{key}' is there twice")
            else:
                self._places[here] = (mark.line + 1, mark.column + 1)
                entries[key] = self._value(self._next(), here)
            event = self._next()
        for extra in merged:
            for key, value in extra.items():
                entries.setdefault(key, value)
        return entries

    def _merged(self, event: Any, path: str) -> list[dict[str, Any]]:
        value = self._value(self._next(), path)
        maps = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in maps):
            raise _refuse(event, "what `<<` brings in must be a map")
        return maps

    def _alias(self, event: Any) -> Any:
        if event.anchor in self._open_anchors:
            raise _refuse(event, f"the alias *{event.anchor} stands inside what it names")
        if event.anchor not in self._anchors:
            raise _refuse(event, f"no anchor &{event.anchor} stands before this alias")
        value = self._anchors[event.anchor]
        self._aliased += _count(value, MAX_ALIASED_VALUES)
        if self._aliased > MAX_ALIASED_VALUES:
            raise _refuse(event, f"aliases bring in more than {MAX_ALIASED_VALUES} values")
        return value


def _parser_class() -> Any:
    """libyaml's parser where PyYAML was built with it."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return next((base for base in loader.__mro__ if base.__name__ == "CParser"), loader)


def resolve_scalar(text: str) -> Any:
    """The value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _INTEGER.match(text):
        return _integer(text, 10)
    if _HEX.match(text):
        return _integer(text.replace("0x", "", 1), 16)
    if _OCTAL.match(text):
        return _integer(text.replace("0o", "", 1), 8)
    if _FLOAT.match(text):
        number = float(text.replace("_", ""))
        return number if math.isfinite(number) else text
    return text


def _integer(text: str, base: int) -> Any:
    digits = text.replace("_", "")
    # Beyond this length Python refuses the conversion; nobody means such a number as a number.
    if not digits.lstrip("+-") or len(digits) > 1000:
        return text
    return int(digits, base)


def _is_plain(event: Any) -> bool:
    return isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.style


def _key(event: Any) -> str:
    if not isinstance(event, yaml.ScalarEvent):
        raise _refuse(event, "a key must be a text, not a list, a map or an alias")
    return str(event.value)


def _count(value: Any, limit: int) -> int:
    """How many values are inside, itself included; stops counting above `limit`."""
    total = 0
    pending = [value]
    while pending and total <= limit:
        item = pending.pop()
        total += 1
        if isinstance(item, dict):
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return total


def _has_content(part: str) -> bool:
    return any(line.strip() and not line.lstrip().startswith("#") for line in part.splitlines())


def _refuse(event: Any, message: str) -> Invalid:
    return _invalid(message, event.start_mark.line + 1, event.start_mark.column + 1)


def _invalid(message: str, line: int, column: int) -> Invalid:
    return Invalid(violations=[Violation(message, line=line, column=column)])


def _reason(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.problem, error.context) if part]
    return " ".join(parts) or "it cannot be read"


def _short_tag(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _place(source: str, offset: int) -> Position:
    before = source[:offset]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
