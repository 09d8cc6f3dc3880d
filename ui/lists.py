"""The pattern of every list page: its address is its state. Filters are those of the API, written
as chips `field comparator value`; sorting and pages are links.

    listing = Listing.of(request, rows, fields=FIELDS, columns=COLUMNS, sortable=FLOW_SORT, …)
    return show_part(request, "flows/list.html", "flows/_list.html", {"listing": listing})
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from common import json
from rest.filters import Operation
from rest.pagination import SortColumns, paginate, read_page

SIZES = (10, 25, 50, 100)
DEFAULT_SIZE = 25
_PARAMETER = re.compile(r"filters\[(\w+)\]\[(\w+)\]")
COMPARATORS: dict[str, Any] = {
    Operation.EQUALS: _("is"),
    Operation.NOT_EQUALS: _("is not"),
    Operation.IN: _("is one of"),
    Operation.NOT_IN: _("is none of"),
    Operation.CONTAINS: _("contains"),
    Operation.NOT_CONTAINS: _("does not contain"),
    Operation.STARTS_WITH: _("starts with"),
    Operation.PREFIX: _("is in or below"),
    Operation.GREATER_THAN_OR_EQUAL_TO: _("since"),
    Operation.LESS_THAN_OR_EQUAL_TO: _("until"),
}


@dataclass(frozen=True)
class FilterField:
    """`name` is the API's; `choices` are offered, not enforced."""

    name: str
    label: Any
    operations: Sequence[Operation]
    choices: Sequence[str] = ()
    hint: Any = ""

    def described(self) -> dict[str, Any]:
        """For the filter bar's script."""
        return {
            "name": self.name,
            "label": str(self.label),
            "operations": [
                {"name": str(each), "label": str(COMPARATORS[each])} for each in self.operations
            ],
            "choices": list(self.choices),
            "hint": str(self.hint),
        }


@dataclass(frozen=True)
class Chip:
    """A filter of the address. `parameter` and `value` are how it stands there."""

    label: str
    comparator: str
    value: str
    parameter: str
    remove_url: str


@dataclass(frozen=True)
class Column:
    """A heading. `sort` is the API's name of what it sorts by; empty: it does not."""

    title: Any
    sort: str = ""
    css: str = ""


@dataclass(frozen=True)
class Heading:
    title: str
    css: str
    url: str = ""
    direction: str = ""
    """`ascending`, `descending` or empty, as `aria-sort` has it."""


class Listing:
    """One page of a list, and the addresses of its neighbours."""

    sizes: ClassVar = SIZES

    def __init__(
        self,
        request: HttpRequest,
        rows: Sequence[Any],
        total: int,
        *,
        fields: Sequence[FilterField],
        columns: Sequence[Column],
    ) -> None:
        self.rows, self.total = rows, total
        self._fields, self._columns = fields, columns
        self._path, self._query = request.path, _bounded(request.GET)
        self._asked = read_page(self._query)

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        rows: QuerySet[Any],
        *,
        fields: Sequence[FilterField],
        columns: Sequence[Column],
        sortable: SortColumns,
        default: Sequence[str],
    ) -> "Listing":
        """`rows` are filtered already. Raises Invalid for a page, size or sort that is none."""
        found = paginate(
            rows, _bounded(request.GET), shape=_itself, columns=sortable, default=default
        )
        return cls(request, found["results"], found["total"], fields=fields, columns=columns)

    @property
    def url(self) -> str:
        return self._address(self._query)

    @property
    def text(self) -> str:
        return self._query.get("q", "")

    @property
    def page(self) -> int:
        return self._asked.page

    @property
    def size(self) -> int:
        return self._asked.size

    @property
    def first(self) -> int:
        return self._asked.offset + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self._asked.offset + len(self.rows)

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.chips)

    @property
    def clear_url(self) -> str:
        return self._path

    @property
    def previous_url(self) -> str:
        return self._with(page=str(self.page - 1)) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        return self._with(page=str(self.page + 1)) if self.last < self.total else ""

    @property
    def size_links(self) -> list[tuple[int, str]]:
        return [(size, self._with(size=str(size), page="")) for size in SIZES]

    @property
    def fields_json(self) -> str:
        return json.dumps([field.described() for field in self._fields])

    @property
    def fields(self) -> Sequence[FilterField]:
        return self._fields

    @cached_property
    def chips(self) -> list[Chip]:
        """Filters that the page does not offer are shown all the same: they hide rows."""
        labels = {field.name: str(field.label) for field in self._fields}
        chips = []
        for parameter in self._query:
            found = _PARAMETER.fullmatch(parameter)
            if found is None:
                continue
            for value in self._query.getlist(parameter):
                comparator = str(COMPARATORS.get(found[2], found[2].replace("_", " ").lower()))
                remove = self._without(parameter, value)
                chips.append(
                    Chip(labels.get(found[1], found[1]), comparator, value, parameter, remove)
                )
        return chips

    @property
    def headings(self) -> list[Heading]:
        sorted_by = {each.field: each.is_descending for each in self._asked.sort[:1]}
        return [self._heading(column, sorted_by) for column in self._columns]

    def _heading(self, column: Column, sorted_by: dict[str, bool]) -> Heading:
        if not column.sort:
            return Heading(str(column.title), column.css)
        is_descending = sorted_by.get(column.sort)
        word = "desc" if is_descending is False else "asc"
        direction = {None: "", True: "descending", False: "ascending"}[is_descending]
        url = self._with(sort=f"{column.sort}:{word}", page="")
        return Heading(str(column.title), column.css, url, direction)

    def _with(self, **changes: str) -> str:
        query = self._query.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query[name] = value
        return self._address(query)

    def _without(self, parameter: str, value: str) -> str:
        query = self._query.copy()
        query.setlist(parameter, [each for each in query.getlist(parameter) if each != value])
        query.pop("page", None)
        return self._address(query)

    def _address(self, query: QueryDict) -> str:
        said = query.copy()
        if said.get("size") == str(DEFAULT_SIZE):
            del said["size"]
        return f"{self._path}?{said.urlencode()}" if said else self._path


def _bounded(query: QueryDict) -> QueryDict:
    """With a size that a page can show."""
    bounded = query.copy()
    size = query.get("size", "")
    if not size.isdigit() or int(size) not in SIZES:
        bounded["size"] = str(DEFAULT_SIZE)
    return bounded


def _itself(row: Model) -> Model:
    return row
