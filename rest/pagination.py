"""Pages and sorting: `page`, `size`, `sort` to a slice, and the answer `{results, total}`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet
from django.http import QueryDict

from common.errors import Invalid

DEFAULT_SIZE = 10
MAXIMUM_SIZE = 10_000
_MAXIMUM_OFFSET = 2**31

_M = TypeVar("_M", bound=Model)
SortColumns = Mapping[str, str | Sequence[str]]
"""Field of the API to column(s); nested fields keep their dots: `{"state.current": "state"}`."""


@dataclass(frozen=True, slots=True)
class Sort:
    field: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class PageRequest:
    page: int = 1
    size: int = DEFAULT_SIZE
    sort: tuple[Sort, ...] = ()

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size


def read_page(query: QueryDict) -> PageRequest:
    """Raises Invalid (422)."""
    size = _positive(query, "size", DEFAULT_SIZE)
    if size > MAXIMUM_SIZE:
        raise Invalid(f"size: {size} is more than {MAXIMUM_SIZE} a page")
    sort = tuple(_read_sort(text) for text in query.getlist("sort") if text)
    return PageRequest(_positive(query, "page", 1), size, sort)


def paginate(
    rows: QuerySet[_M],
    query: QueryDict,
    *,
    shape: Callable[[_M], Any],
    columns: SortColumns,
    default: Sequence[str] = (),
) -> dict[str, Any]:
    """One page of `rows`, each as `shape` gives it. `default` orders when nothing was asked for."""
    request = read_page(query)
    ordered = rows.order_by(*order_columns(request.sort, columns) or default, "pk")
    found = []
    if request.offset < _MAXIMUM_OFFSET:
        found = list(ordered[request.offset : request.offset + request.size])
    is_last = 0 < len(found) < request.size or (not found and request.page == 1)
    total = request.offset + len(found) if is_last else rows.count()
    return {"results": [shape(row) for row in found], "total": total}


def paginate_list(
    items: Sequence[Any], query: QueryDict, *, keys: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """The same for values that are no rows; `keys` are the fields that they can be sorted by."""
    request = read_page(query)
    ordered = list(items)
    for sort in reversed(request.sort):
        if sort.field not in keys:
            raise _unknown_sort(sort.field, keys)
        ordered.sort(key=keys[sort.field], reverse=sort.is_descending)
    page = ordered[request.offset : request.offset + request.size]
    return {"results": page, "total": len(items)}


def order_columns(sorts: Sequence[Sort], columns: SortColumns) -> list[Any]:
    """For `order_by`; raises Invalid for a field that `columns` doesn't have."""
    ordered: list[Any] = []
    for sort in sorts:
        if sort.field not in columns:
            raise _unknown_sort(sort.field, columns)
        names = columns[sort.field]
        for name in (names,) if isinstance(names, str) else names:
            column = F(name)
            ordered.append(
                column.desc(nulls_last=True) if sort.is_descending else column.asc(nulls_last=True)
            )
    return ordered


def _read_sort(text: str) -> Sort:
    field, colon, direction = text.partition(":")
    if not field or not colon or direction.lower() not in ("asc", "desc"):
        raise Invalid(
            f"'{text}' is not of the form field:asc or field:desc",
            reason="Invalid sort parameter",
        )
    return Sort(field, direction.lower() == "desc")


def _unknown_sort(field: str, known: Mapping[str, Any]) -> Invalid:
    return Invalid(
        f"cannot sort by '{field}'; known fields: {', '.join(known)}",
        reason="Invalid sort parameter",
    )


def _positive(query: QueryDict, name: str, default: int) -> int:
    text = query.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) >= 1):
        raise Invalid(f"{name}: '{text[:40]}' is not a number from 1")
    return int(text)
