"""Searches whose parameters stand in a JSON body: the older form of figures over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from common.clock import now
from common.durations import parse_duration
from common.errors import Invalid
from executions.api.bodies import read_date
from executions.queries.steps import DEFAULT_SPAN


@dataclass(frozen=True, slots=True)
class Search:
    """`query` holds the filters as a query string would, without the dates."""

    query: QueryDict
    start: datetime
    end: datetime
    body: Mapping[str, Any]


def read_search(data: Any) -> Search:
    """`startDate` and `endDate`, or `timeRange` (a duration back from now); 30 days if there is
    nothing of that. Raises Invalid."""
    body = read_object(data)
    query = QueryDict(mutable=True)
    for name, value in body.items():
        if name not in {"startDate", "endDate", "timeRange"}:
            query.setlist(name, [text for text in _texts(value) if text])
    end = read_date(_text(body, "endDate"), "endDate") or now()
    start = read_date(_text(body, "startDate"), "startDate")
    time_range = _text(body, "timeRange")
    if start is not None and time_range:
        raise Invalid("timeRange and startDate exclude each other: give one of them")
    return Search(query, start or _start(end, time_range), end, body)


def read_object(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise Invalid("the body must be a JSON object")
    return data


def read_flows(data: Any, *, most: int) -> list[tuple[str, str]]:
    """`[{"namespace", "id"}]`, without repetitions."""
    if not isinstance(data, list) or not all(_is_flow(item) for item in data):
        raise Invalid("a list of objects with id and namespace is needed, both texts")
    if len(data) > most:
        raise Invalid(f"at most {most} flows can be named at once")
    return list(dict.fromkeys((item["namespace"], item["id"]) for item in data))


def _is_flow(item: Any) -> bool:
    return isinstance(item, Mapping) and all(
        isinstance(item.get(name), str) for name in ("id", "namespace")
    )


def _start(end: datetime, time_range: str) -> datetime:
    try:
        return end - (parse_duration(time_range) if time_range else DEFAULT_SPAN)
    except (ValueError, OverflowError) as error:  # it may leave the calendar
        raise Invalid(f"timeRange: '{time_range[:40]}' is not a duration such as P7D") from error


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"{name}: a text is needed")
    return value or ""


def _texts(value: Any) -> list[str]:
    """Labels may also be a map; what is no text has no filter to ask."""
    if isinstance(value, Mapping):
        return [f"{key}:{item}" for key, item in value.items()]
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, str)]
