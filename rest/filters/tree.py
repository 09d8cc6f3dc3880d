"""The bracketed form of filters, `filters[field][OP]=value`, read into a frozen tree."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from common.errors import Invalid

_PARAMETER = re.compile(r"filters((?:\[[^\[\]]*\])+)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_LABEL_FIELDS = ("labels", "details", "metadata")
_MAXIMUM_FILTERS = 200


class Operation(StrEnum):
    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT_EQUALS"
    IN = "IN"
    NOT_IN = "NOT_IN"
    CONTAINS = "CONTAINS"
    NOT_CONTAINS = "NOT_CONTAINS"
    STARTS_WITH = "STARTS_WITH"
    ENDS_WITH = "ENDS_WITH"
    REGEX = "REGEX"
    PREFIX = "PREFIX"
    GREATER_THAN = "GREATER_THAN"
    GREATER_THAN_OR_EQUAL_TO = "GREATER_THAN_OR_EQUAL_TO"
    LESS_THAN = "LESS_THAN"
    LESS_THAN_OR_EQUAL_TO = "LESS_THAN_OR_EQUAL_TO"
    IS_NULL = "IS_NULL"
    IS_NOT_NULL = "IS_NOT_NULL"


LISTS = frozenset({Operation.IN, Operation.NOT_IN})


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition. `value` is text; a tuple of texts for IN and NOT_IN; for a map such as labels
    `key` is the member that is meant."""

    field: str
    operation: Operation
    value: str | tuple[str, ...] = ""
    key: str = ""

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ",".join(self.value)

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.value,) if isinstance(self.value, str) else self.value


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (`and`) or one (`or`) must hold."""

    is_or: bool
    members: "tuple[Filter | Group, ...]"


Node = Filter | Group


def camel_case(name: str) -> str:
    """`FLOW_ID` and `flow_id` to `flowId`; what is camel case already stays."""
    if name.isupper():
        name = name.lower()
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def read_bracketed(parameters: Iterable[tuple[str, str]]) -> Group:
    """All bracketed parameters as one `and` group. Raises Invalid for what cannot be read."""
    plain: list[Node] = []
    groups: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
    for count, (name, value) in enumerate(_bracketed(parameters)):
        if count >= _MAXIMUM_FILTERS:
            raise Invalid(f"more than {_MAXIMUM_FILTERS} filters")
        parts = _PART.findall(name)
        if parts[0].lower() in ("and", "or") and len(parts) > 2:
            members = groups.setdefault(parts[0].lower(), {})
            members.setdefault(parts[1], []).append((parts[2:], value))
        else:
            plain.append(_read_filter(parts, value, name))
    plain += [_read_group(word, members, depth=1) for word, members in groups.items()]
    return Group(is_or=False, members=tuple(plain))


def _bracketed(parameters: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for name, value in parameters:
        if not name.startswith("filters"):
            continue
        match = _PARAMETER.fullmatch(name)
        if match is None:
            raise Invalid(f"'{name}' is not of the form filters[field][OPERATION]")
        yield match[1], value


def _read_group(
    word: str, members: Mapping[str, list[tuple[list[str], str]]], *, depth: int
) -> Group:
    """Each index is one member; several conditions at one index hold together."""
    found: list[Node] = []
    for index, entries in members.items():
        nested: dict[str, dict[str, list[tuple[list[str], str]]]] = {}
        here: list[Node] = []
        for parts, value in entries:
            if parts[0].lower() in ("and", "or") and len(parts) > 2:
                inner = nested.setdefault(parts[0].lower(), {})
                inner.setdefault(parts[1], []).append((parts[2:], value))
            else:
                here.append(_read_filter(parts, value, f"[{word}][{index}]"))
        if nested and depth > 1:
            raise Invalid("filters: groups may be nested one level deep only")
        here += [_read_group(name, inner, depth=depth + 1) for name, inner in nested.items()]
        found.append(here[0] if len(here) == 1 else Group(is_or=False, members=tuple(here)))
    return Group(is_or=word == "or", members=tuple(found))


def _read_filter(parts: list[str], value: str, place: str) -> Filter:
    if len(parts) not in (2, 3) or (len(parts) == 3 and camel_case(parts[0]) not in _LABEL_FIELDS):
        raise Invalid(f"filters{place} is not of the form filters[field][OPERATION]")
    field = camel_case(parts[0])
    try:
        operation = Operation(parts[1].upper())
    except ValueError:
        raise Invalid(
            f"filters[{parts[0]}]: unknown operation '{parts[1]}'; known: {', '.join(Operation)}"
        ) from None
    wanted: str | tuple[str, ...] = value
    if operation in LISTS:
        wanted = tuple(part.strip() for part in value.split(",")) if value else ()
    return Filter(field, operation, wanted, parts[2] if len(parts) == 3 else "")
