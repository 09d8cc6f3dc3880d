"""Filters on lists and maps. They return new lists and never change the input."""

from itertools import chain
from typing import Any

from expressions.arguments import need_integer, need_list, need_string
from expressions.context import RenderContext, fail
from expressions.printing import plain
from expressions.signatures import define_filter
from expressions.values import is_list, is_map, is_number, kind_of


def chunk(context: RenderContext, value: Any, size: Any) -> list[list[Any]]:
    items, count = need_list(value), need_integer(size, "the size")
    if count < 1:
        fail("the size must be at least 1")
    return [items[start : start + count] for start in range(0, len(items), count)]


def _end_item(value: Any, index: int) -> Any:
    if isinstance(value, str):
        if not value:
            fail("the string is empty")
        return value[index]
    items = need_list(value)
    return items[index] if items else None


def first(context: RenderContext, value: Any) -> Any:
    return _end_item(value, 0)


def last(context: RenderContext, value: Any) -> Any:
    return _end_item(value, -1)


def flatten(context: RenderContext, value: Any) -> list[Any]:
    items = need_list(value)
    context.check_items(sum(len(item) if is_list(item) else 1 for item in items))
    return list(chain.from_iterable(item if is_list(item) else (item,) for item in items))


def join(context: RenderContext, value: Any, separator: Any = None) -> str:
    glue = "" if separator is None else need_string(separator, "the separator")
    texts: list[str] = []
    length = 0
    for item in need_list(value):
        texts.append(plain(context, item))
        length += len(texts[-1]) + len(glue)
        context.check_length(length - len(glue))
    return glue.join(texts)


def keys(context: RenderContext, value: Any) -> list[Any]:
    if is_map(value):
        return list(value)
    return list(range(len(need_list(value))))


def values(context: RenderContext, value: Any) -> list[Any]:
    if not is_map(value):
        fail(f"the input must be a map, not {kind_of(value)}")
    return list(value.values())


def length(context: RenderContext, value: Any) -> int:
    if isinstance(value, str):
        return (
            len(value) if value.isascii() else len(value.encode("utf-16-le", "surrogatepass")) // 2
        )
    return len(value) if is_list(value) or is_map(value) else 0


def merge(context: RenderContext, value: Any, items: Any = None) -> Any:
    if value is None or items is None:
        if value is None and items is None:
            fail("both sides of merge are null")
        return items if value is None else value
    if is_map(value):
        added = items if is_map(items) else {item: item for item in need_list(items, "items")}
        return {**value, **added}
    return [*need_list(value), *need_list(items, "items")]


def reverse(context: RenderContext, value: Any) -> list[Any]:
    return need_list(value)[::-1]


def sort(context: RenderContext, value: Any) -> list[Any]:
    """Strings by code point, numbers by value."""
    items = need_list(value)
    kinds = {_sort_kind(item) for item in items}
    if len(kinds) > 1 or "" in kinds:
        fail("a list can be sorted when all items are numbers, or all strings, or all booleans")
    return sorted(items)


def _sort_kind(item: Any) -> str:
    if isinstance(item, bool):
        return "boolean"
    if isinstance(item, str):
        return "string"
    return "number" if is_number(item) else ""


def rsort(context: RenderContext, value: Any) -> list[Any]:
    return sort(context, value)[::-1]


def slice_items(context: RenderContext, value: Any, start: Any = None, end: Any = None) -> Any:
    items = value if isinstance(value, str) else need_list(value)
    begin = 0 if start is None else need_integer(start, "fromIndex")
    stop = len(items) if end is None else need_integer(end, "toIndex")
    if not 0 <= begin < stop <= len(items):
        fail(f"slice({begin}, {stop}) does not lie within the {len(items)} items")
    return items[begin:stop]


FILTERS = (
    define_filter("chunk", chunk, "size!"),
    define_filter("first", first),
    define_filter("last", last),
    define_filter("flatten", flatten),
    define_filter("join", join, "separator"),
    define_filter("keys", keys),
    define_filter("values", values),
    define_filter("length", length, null_passes=False),
    define_filter("merge", merge, "items", null_passes=False),
    define_filter("reverse", reverse),
    define_filter("sort", sort),
    define_filter("rsort", rsort),
    define_filter("slice", slice_items, "fromIndex toIndex"),
)
