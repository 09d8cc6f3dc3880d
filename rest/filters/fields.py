"""Kinds of filter fields: which operations each has, and what they mean for a queryset."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact

from common import clock
from common.durations import parse_duration
from common.errors import Invalid
from rest.filters.tree import LISTS, Filter, Operation

_ORDER = {
    Operation.GREATER_THAN: "gt",
    Operation.GREATER_THAN_OR_EQUAL_TO: "gte",
    Operation.LESS_THAN: "lt",
    Operation.LESS_THAN_OR_EQUAL_TO: "lte",
}
_TEXT = {
    Operation.CONTAINS: "icontains",
    Operation.STARTS_WITH: "startswith",
    Operation.ENDS_WITH: "endswith",
    Operation.REGEX: "regex",
}
_NULL = {Operation.IS_NULL: True, Operation.IS_NOT_NULL: False}
_LONGEST_PATTERN = 200


class Field:
    """A field of one resource's filters. `flat` is the operation of the older parameter of the same
    name; None where there is no such parameter."""

    operations: ClassVar[Collection[Operation]] = tuple(Operation)
    flat: Operation | None = Operation.EQUALS

    def condition(self, asked: Filter) -> Q:
        if asked.operation not in self.operations:
            raise Invalid(
                f"filters[{asked.field}]: {asked.operation} does not apply;"
                f" known: {', '.join(self.operations)}"
            )
        return self.to_q(asked)

    def flat_filters(self, name: str, values: Sequence[str]) -> list[Filter]:
        """What the older parameter, perhaps repeated, asks for."""
        if self.flat is None:
            return []
        if len(values) > 1 and self.flat is Operation.EQUALS and Operation.IN in self.operations:
            return [Filter(name, Operation.IN, tuple(values))]
        return [Filter(name, self.flat, value) for value in values]

    def to_q(self, asked: Filter) -> Q:
        raise NotImplementedError


class Value(Field):
    """A text column, or one with a given set of words."""

    def __init__(
        self,
        column: str,
        *,
        choices: Collection[str] = (),
        synonyms: dict[str, str] | None = None,
        flat: Operation | None = Operation.EQUALS,
    ) -> None:
        self.column = column
        self.choices = choices
        self.synonyms = synonyms or {}
        self.flat = flat

    def to_q(self, asked: Filter) -> Q:
        operation, column = asked.operation, self.column
        if operation in _NULL:
            empty = Q(**{f"{column}__isnull": True}) | Q(**{column: ""})
            return empty if _NULL[operation] else ~empty
        if operation in LISTS:
            among = Q(**{f"{column}__in": [self.read(asked, text) for text in asked.texts]})
            return among if operation is Operation.IN else ~among
        if operation is Operation.PREFIX:
            return Q(**{column: asked.text}) | Q(**{f"{column}__startswith": asked.text + "."})
        if operation is Operation.NOT_CONTAINS:
            return ~Q(**{f"{column}__icontains": asked.text})
        if operation in _TEXT:
            text = _pattern(asked) if operation is Operation.REGEX else asked.text
            return Q(**{f"{column}__{_TEXT[operation]}": text})
        value = self.read(asked, asked.text)
        if operation in _ORDER:
            return Q(**{f"{column}__{_ORDER[operation]}": value})
        return Q(**{column: value}) if operation is Operation.EQUALS else ~Q(**{column: value})

    def read(self, asked: Filter, text: str) -> Any:
        text = self.synonyms.get(text, text)
        if self.choices and text not in self.choices:
            raise Invalid(
                f"{asked.field}: '{text}' is unknown; known: {', '.join(map(str, self.choices))}"
            )
        return text


class Number(Value):
    operations = (*_ORDER, *_NULL, *LISTS, Operation.EQUALS, Operation.NOT_EQUALS)

    def to_q(self, asked: Filter) -> Q:
        if asked.operation in _NULL:
            return Q(**{f"{self.column}__isnull": _NULL[asked.operation]})
        return super().to_q(asked)

    def read(self, asked: Filter, text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise Invalid(f"{asked.field}: '{text}' is not a whole number") from None
        if abs(number) >= 2**63:
            raise Invalid(f"{asked.field}: {text} is out of range")
        return number


class Flag(Field):
    """A column that is true or false."""

    operations = (Operation.EQUALS, Operation.NOT_EQUALS)

    def __init__(self, column: str) -> None:
        self.column = column

    def to_q(self, asked: Filter) -> Q:
        word = asked.text.lower()
        if word not in ("true", "false"):
            raise Invalid(f"{asked.field}: '{asked.text}' is neither true nor false")
        return Q(**{self.column: (word == "true") == (asked.operation is Operation.EQUALS)})


class Namespace(Value):
    """EQUALS is exact; the older parameter means the namespace and all below it."""

    def __init__(self, column: str = "namespace") -> None:
        super().__init__(column, flat=Operation.PREFIX)


class Moment(Field):
    """A point in time: an instant, or for EQUALS and the like a duration back from now."""

    operations = (*_ORDER, *_NULL, Operation.EQUALS, Operation.NOT_EQUALS)

    def __init__(self, column: str, *, flat: Operation | None = None) -> None:
        self.column = column
        self.flat = flat

    def to_q(self, asked: Filter) -> Q:
        if asked.operation in _NULL:
            return Q(**{f"{self.column}__isnull": _NULL[asked.operation]})
        moment = read_moment(asked)
        if asked.operation in _ORDER:
            return Q(**{f"{self.column}__{_ORDER[asked.operation]}": moment})
        same = Q(**{self.column: moment})
        return same if asked.operation is Operation.EQUALS else ~same


class TimeRange(Field):
    """Not older than a duration; together with the older `startDate` refused by the set."""

    operations = (Operation.EQUALS,)

    def __init__(self, column: str) -> None:
        self.column = column

    def to_q(self, asked: Filter) -> Q:
        return Q(**{f"{self.column}__gte": clock.now() - _duration(asked)})


class Search(Field):
    """`q`: part of any of the columns, without case."""

    operations = (Operation.EQUALS, Operation.NOT_EQUALS, Operation.CONTAINS)

    def __init__(self, *columns: str) -> None:
        self.columns = columns

    def to_q(self, asked: Filter) -> Q:
        if not asked.text:
            return Q()
        found = Q()
        for column in self.columns:
            found |= Q(**{f"{column}__icontains": asked.text})
        return ~found if asked.operation is Operation.NOT_EQUALS else found


class Labels(Field):
    """A JSON column that maps label keys to texts. The older form is `labels=key:value`."""

    operations = (
        Operation.EQUALS,
        Operation.NOT_EQUALS,
        Operation.IN,
        Operation.NOT_IN,
        Operation.CONTAINS,
        Operation.NOT_CONTAINS,
    )
    _negative = frozenset({Operation.NOT_EQUALS, Operation.NOT_IN, Operation.NOT_CONTAINS})

    def __init__(self, column: str = "labels") -> None:
        self.column = column

    def flat_filters(self, name: str, values: Sequence[str]) -> list[Filter]:
        return [Filter(name, Operation.EQUALS, value) for value in values]

    def to_q(self, asked: Filter) -> Q:
        if asked.key:
            found = self.has_label(asked.key, *asked.texts)
        else:
            pairs = [_label(asked, text) for text in asked.texts]
            found = Q()
            for key, value in pairs:
                found &= self.has_label(key, value)
        return ~found if asked.operation in self._negative else found

    def has_label(self, key: str, *values: str) -> Q:
        """Another storage of labels overrides this."""
        found = Q()
        for value in values:
            found |= Q(Exact(KeyTextTransform(key, F(self.column)), value))
        return found


class Level(Field):
    """At least this level of an ordered list of words."""

    operations = (Operation.EQUALS, Operation.GREATER_THAN_OR_EQUAL_TO, Operation.IN)

    def __init__(self, column: str, order: Sequence[str]) -> None:
        self.column = column
        self.order = tuple(order)

    def to_q(self, asked: Filter) -> Q:
        words = [text.upper() for text in asked.texts]
        for word in words:
            if word not in self.order:
                raise Invalid(f"{asked.field}: '{word}' is unknown; known: {', '.join(self.order)}")
        if asked.operation is not Operation.IN:
            words = list(self.order[self.order.index(words[0]) :])
        return Q(**{f"{self.column}__in": words})


class Custom(Field):
    """Whatever a function makes of the condition."""

    def __init__(
        self,
        to_q: Callable[[Filter], Q],
        *,
        operations: Collection[Operation] = (Operation.EQUALS,),
        flat: Operation | None = Operation.EQUALS,
    ) -> None:
        self._to_q = to_q
        self.operations = operations  # type: ignore[misc]  # here it is the instance's own
        self.flat = flat

    def to_q(self, asked: Filter) -> Q:
        return self._to_q(asked)


def read_moment(asked: Filter) -> datetime:
    try:
        # a plus sign that was not escaped arrives as a blank
        return clock.from_iso(asked.text.strip().replace(" ", "+"))
    except ValueError:
        pass
    if asked.text.upper().startswith("P"):
        return clock.now() - _duration(asked)
    raise Invalid(f"{asked.field}: '{asked.text}' is not an ISO 8601 instant")


def _duration(asked: Filter) -> timedelta:
    try:
        duration = parse_duration(asked.text)
        clock.now() - duration  # may leave the calendar
    except (ValueError, OverflowError):
        raise Invalid(
            f"{asked.field}: '{asked.text}' is not an ISO 8601 duration such as PT1H or P7D"
        ) from None
    return duration


def _label(asked: Filter, text: str) -> tuple[str, str]:
    key, colon, value = text.partition(":")
    if not key or not colon:
        raise Invalid(f"{asked.field}: '{text}' is not of the form key:value")
    return key, value


def _pattern(asked: Filter) -> str:
    if len(asked.text) > _LONGEST_PATTERN:
        raise Invalid(f"{asked.field}: the pattern is longer than {_LONGEST_PATTERN} characters")
    try:
        re.compile(asked.text)
    except re.error as error:
        raise Invalid(f"{asked.field}: '{asked.text}' is not a pattern: {error}") from error
    return asked.text
