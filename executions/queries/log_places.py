"""Where lines stand in a log that is read by pages: a place counts from 0 among the lines that the
reader's filters let through."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from executions.models import LogEntry


def place_of(rows: QuerySet[LogEntry], key: int) -> int | None:
    """Of the line with that primary key; None where it is not among the rows."""
    line = rows.filter(pk=key).first()
    return rows.filter(_before(line)).count() if line is not None else None


def next_of_level(
    rows: QuerySet[LogEntry], levels: list[str], *, place: int, forward: bool
) -> int | None:
    """The place of the nearest line of these levels behind that place, or before it; -1 as a place
    is before the first line. None where there is none."""
    at = rows[place : place + 1].first() if place >= 0 else None
    wanted = rows.filter(level__in=levels)
    if at is not None:
        wanted = wanted.filter(_after(at) if forward else _before(at))
    elif forward != (place < 0):
        return None
    order = ("timestamp", "pk") if forward else ("-timestamp", "-pk")
    found = wanted.order_by(*order).first()
    return rows.filter(_before(found)).count() if found is not None else None


def _before(line: LogEntry) -> Q:
    return Q(timestamp__lt=line.timestamp) | Q(timestamp=line.timestamp, pk__lt=line.pk)


def _after(line: LogEntry) -> Q:
    return Q(timestamp__gt=line.timestamp) | Q(timestamp=line.timestamp, pk__gt=line.pk)
