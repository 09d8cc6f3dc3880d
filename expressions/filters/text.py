"""Filters on text: case, cutting, searching, replacing, indenting."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from expressions import regexes
from expressions.arguments import need_integer, need_map, need_string
from expressions.context import RenderContext, Walk, fail
from expressions.printing import plain
from expressions.signatures import define_filter
from expressions.values import is_list, is_map, kind_of

_ESCAPES = {"single": ("'", "\\'"), "double": ('"', '\\"'), "shell": ("'", "'\\''")}
_LINE_END = re.compile(r"\r\n|\n|\r")
_JAVA_BLANKS = "".join(map(chr, range(33)))


def abbreviate(context: RenderContext, value: Any, length: Any = None) -> str:
    text = need_string(value)
    size = need_integer(length, "the length")
    if size < 0:
        fail("the length must not be negative")
    if len(text) < size or len(text) <= 3:
        return text
    return text[:size] if size <= 3 else text[: size - 3] + "..."


def _title_case(letter: str) -> str:
    titled = letter.title()
    return titled if len(titled) == 1 else letter


def capitalize(context: RenderContext, value: Any) -> str:
    text = need_string(value)
    for index, letter in enumerate(text):
        if not letter.isspace():
            return text[:index] + _title_case(letter) + text[index + 1 :]
    return text


def title(context: RenderContext, value: Any) -> str:
    text = need_string(value)
    return re.sub(r"(?<!\S)\S", lambda found: _title_case(found.group()), text)


def lower(context: RenderContext, value: Any) -> str:
    return plain(context, value).lower()


def upper(context: RenderContext, value: Any) -> str:
    return plain(context, value).upper()


def trim(context: RenderContext, value: Any) -> str:
    return need_string(value).strip(_JAVA_BLANKS)


def starts_with(context: RenderContext, value: Any, prefix: Any) -> bool:
    return need_string(value).startswith(need_string(prefix, "the value"))


def ends_with(context: RenderContext, value: Any, suffix: Any) -> bool:
    return need_string(value).endswith(need_string(suffix, "the value"))


def substring_before(context: RenderContext, value: Any, separator: Any) -> str:
    return need_string(value).partition(need_string(separator, "the separator"))[0]


def substring_before_last(context: RenderContext, value: Any, separator: Any) -> str:
    text = need_string(value)
    head, found, _ = text.rpartition(need_string(separator, "the separator"))
    return head if found else text


def substring_after(context: RenderContext, value: Any, separator: Any) -> str:
    return need_string(value).partition(need_string(separator, "the separator"))[2]


def substring_after_last(context: RenderContext, value: Any, separator: Any) -> str:
    _, found, tail = need_string(value).rpartition(need_string(separator, "the separator"))
    return tail if found else ""


def make_slug(text: str) -> str:
    """White space to hyphens, accents off, only letters, digits and hyphens, lower case."""
    hyphenated = re.sub(r"\s", "-", text)
    bare = unicodedata.normalize("NFD", hyphenated)
    kept = re.sub(r"[^A-Za-z0-9-]", "", bare)
    joined = re.sub(r"-+", "-", kept)
    return joined.removeprefix("-").removesuffix("-").lower()


def slugify(context: RenderContext, value: Any) -> str:
    return make_slug(plain(context, value))


def split(context: RenderContext, value: Any, delimiter: Any, limit: Any = None) -> list[str]:
    text, pattern = need_string(value), need_string(delimiter, "the delimiter")
    count = 0 if limit is None else need_integer(limit, "the limit")
    if count == 0 and pattern and text and regexes.is_plain(pattern):
        items = text.split(pattern)
        while items and not items[-1]:
            items.pop()
        return items
    return regexes.split(context, text, pattern, count)


def _line_end(text: str) -> str:
    found = _LINE_END.search(text)
    return found.group() if found else "\n"


def _indented(context: RenderContext, value: Any, amount: Any, prefix: Any, *, leads: bool) -> str:
    text = plain(context, value)
    if not text:
        return ""
    count = need_integer(amount, "the amount")
    if count < 0:
        fail("the amount must not be negative")
    unit = " " if prefix is None else need_string(prefix, "the prefix")
    end = _line_end(text)
    lines = text.count(end) + leads
    context.check_length(len(text) + (len(unit) * count + len(end)) * max(lines, 1))
    start = end + unit * count
    body = text.replace(end, start)
    return start + body if leads else body


def indent(context: RenderContext, value: Any, amount: Any, prefix: Any = None) -> str:
    return _indented(context, value, amount, prefix, leads=False)


def nindent(context: RenderContext, value: Any, amount: Any, prefix: Any = None) -> str:
    return _indented(context, value, amount, prefix, leads=True)


def _map_strings(value: Any, change: Callable[[Any], Any], walk: Walk) -> Any:
    """The same structure with every item that is neither list nor map changed."""
    walk.step()
    if is_list(value):
        return [_map_strings(item, change, walk) for item in value]
    if is_map(value):
        return {key: _map_strings(item, change, walk) for key, item in value.items()}
    return change(value)


def escape_char(context: RenderContext, value: Any, kind: Any) -> Any:
    pair = _ESCAPES.get(need_string(kind, "the type").lower())
    if pair is None:
        fail("the type of escapeChar is one of single, double, shell")

    def escaped(item: Any) -> Any:
        if item is None:
            return None
        if not isinstance(item, str):
            fail(f"escapeChar escapes strings, not {kind_of(item)}")
        context.check_length(len(item) + item.count(pair[0]) * len(pair[1]))
        return item.replace(*pair)

    return _map_strings(value, escaped, context.walk())


def replace(context: RenderContext, value: Any, pairs: Any, regexp: Any = None) -> Any:
    if regexp is not None and not isinstance(regexp, bool):
        fail("the argument regexp must be a boolean")
    changes = [
        (plain(context, old), plain(context, new))
        for old, new in need_map(pairs, "replace_pairs").items()
    ]

    def replaced(item: Any) -> Any:
        if item is None:
            return None
        text = plain(context, item)
        for old, new in changes:
            if regexp:
                text = regexes.replace(context, text, old, new)
            else:
                context.check_length(len(text) + text.count(old) * (len(new) - len(old)))
                text = text.replace(old, new)
        context.check_time()
        return text

    return _map_strings(value, replaced, context.walk())


FILTERS = (
    define_filter("abbreviate", abbreviate, "length"),
    define_filter("capitalize", capitalize),
    define_filter("title", title),
    define_filter("lower", lower),
    define_filter("upper", upper),
    define_filter("trim", trim),
    define_filter("startsWith", starts_with, "value!", null_passes=False),
    define_filter("endsWith", ends_with, "value!", null_passes=False),
    define_filter("substringBefore", substring_before, "separator!"),
    define_filter("substringBeforeLast", substring_before_last, "separator!"),
    define_filter("substringAfter", substring_after, "separator!"),
    define_filter("substringAfterLast", substring_after_last, "separator!"),
    define_filter("slugify", slugify),
    define_filter("split", split, "delimiter! limit"),
    define_filter("indent", indent, "amount! prefix"),
    define_filter("nindent", nindent, "amount! prefix"),
    define_filter("escapeChar", escape_char, "type!"),
    define_filter("replace", replace, "replace_pairs! regexp"),
)
