"""Executions as rows of the small tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from common.clock import now
from executions.models import Execution


@dataclass(frozen=True, slots=True)
class Run:
    """`lasted` up to now where it still runs."""

    execution: Execution
    lasted: timedelta


def runs_of(rows: Iterable[Execution]) -> list[Run]:
    moment = now()
    return [Run(row, (row.ended_at or moment) - row.started_at) for row in rows]
