"""Regular expressions as Java reads them, run by an engine that has a time limit."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from expressions.context import RenderContext, fail
from expressions.errors import ExpressionError, LimitReached

_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_TRANSLATED = re.compile(r"\\Q(.*?)(?:\\E|\Z)|\\z|\\Z|\\h|\\.", re.DOTALL)
_GROUP = re.compile(r"\\(.)|\$\{(\w+)\}|\$(\d+)|([\\$])", re.DOTALL)
_BLANKS = r"[ \t\xA0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]"


def _translate(found: re.Match[str]) -> str:
    token = found.group()
    if token.startswith("\\Q"):
        return re.escape(found.group(1))
    return {"\\z": "\\Z", "\\Z": "(?=\\n?\\Z)", "\\h": _BLANKS}.get(token, token)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import regex

    # Java's \d, \w and \s are ASCII, its \p{…} are not: an inline flag would touch both.
    return regex.compile(_ascii_classes(_TRANSLATED.sub(_translate, pattern)), regex.V1)


def _ascii_classes(pattern: str) -> str:
    """Spells out \\d, \\w, \\s as ASCII classes, outside and inside brackets."""
    classes = {"d": "[0-9]", "w": "[A-Za-z0-9_]", "s": "[ \\t\\n\\x0B\\f\\r]"}
    negated = {"D": "[^0-9]", "W": "[^A-Za-z0-9_]", "S": "[^ \\t\\n\\x0B\\f\\r]"}
    every = {**classes, **negated}
    return re.sub(
        r"\\(.)", lambda found: every.get(found.group(1), found.group()), pattern, flags=re.DOTALL
    )


def compile_pattern(pattern: str) -> Any:
    import regex

    try:
        return _compiled(pattern)
    except (regex.error, RecursionError, ValueError, KeyError) as error:
        raise ExpressionError("the regular expression is not valid") from error


def is_plain(pattern: str) -> bool:
    return not _SPECIAL & set(pattern)


def _matches(context: RenderContext, pattern: str, text: str) -> Iterator[Any]:
    compiled = compile_pattern(pattern)
    try:
        for turn, found in enumerate(compiled.finditer(text, timeout=context.limits.regex_seconds)):
            if not turn & 255:
                context.check_time()
            yield found
    except TimeoutError as error:
        seconds = context.limits.regex_seconds
        raise LimitReached(f"the regular expression took longer than {seconds:g} s") from error


def split(context: RenderContext, text: str, pattern: str, limit: int) -> list[str]:
    """Java's String.split: 0 drops empty items at the end, a negative limit keeps all."""
    items: list[str] = []
    start = 0
    for found in _matches(context, pattern, text):
        if 0 < limit <= len(items) + 1:
            break
        if found.end() == 0:
            continue
        items.append(text[start : found.start()])
        context.check_items(len(items))
        start = found.end()
    if not items and start == 0:
        return [text]
    items.append(text[start:])
    while limit == 0 and items and not items[-1]:
        items.pop()
    return items


def replace(context: RenderContext, text: str, pattern: str, replacement: str) -> str:
    parts: list[str] = []
    length = 0
    start = 0
    pieces = _pieces(replacement)
    for found in _matches(context, pattern, text):
        filled = _fill(pieces, found)
        parts += [text[start : found.start()], filled]
        length += len(parts[-2]) + len(filled)
        context.check_length(length)
        start = found.end()
    parts.append(text[start:])
    return "".join(parts)


def _pieces(replacement: str) -> list[tuple[str, str]]:
    """Text and group references of a replacement: `$1`, `${name}`, `\\$`."""
    pieces: list[tuple[str, str]] = []
    start = 0
    for found in _GROUP.finditer(replacement):
        pieces.append(("text", replacement[start : found.start()]))
        escaped, name, number, stray = found.groups()
        if stray:
            fail("the replacement ends in, or holds, a '\\' or '$' that refers to nothing")
        if escaped:
            pieces.append(("text", escaped))
        else:
            pieces.append(("name", name) if name else ("number", number))
        start = found.end()
    pieces.append(("text", replacement[start:]))
    return pieces


def _fill(pieces: list[tuple[str, str]], found: Any) -> str:
    filled = ""
    for kind, value in pieces:
        if kind == "text":
            filled += value
        elif kind == "name":
            filled += _group(found, value)
        else:
            filled += _numbered(found, value)
    return filled


def _group(found: Any, reference: str | int) -> str:
    try:
        return found.group(reference) or ""
    except IndexError:
        return fail(f"the regular expression has no group {reference}")


def _numbered(found: Any, digits: str) -> str:
    """As many digits as make a group that exists; the rest is text."""
    length = 1
    while length < len(digits) and int(digits[: length + 1]) <= len(found.groups()):
        length += 1
    return _group(found, int(digits[:length])) + digits[length:]
