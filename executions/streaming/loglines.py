"""The new lines of an execution's log since they were last asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from executions.models import Execution, LogEntry
from executions.queries.details import present_executions
from executions.queries.logs import logs_of
from plugins.contracts.state import TERMINAL

CHUNK = 1_000
_OVERLAP = timedelta(seconds=10)
"""Lines of several workers are not committed in the order of their times: so far back a line may
still appear."""


class LogReader:
    """For one follower. `condition` chooses the lines."""

    def __init__(self, execution: Execution, condition: Q) -> None:
        self._execution = execution
        self._condition = condition
        self._seen: dict[int, datetime] = {}
        self._newest: datetime | None = None
        self.has_more = False

    @property
    def execution_id(self) -> str:
        return str(self._execution.public_id)

    def is_over(self) -> bool:
        """Nothing of the execution runs any more, or it is gone."""
        rows = present_executions().filter(public_id=self.execution_id)
        found = rows.values_list("state", "is_open").first()
        return found is None or (found[0] in TERMINAL and not found[1])

    def read_new(self) -> list[LogEntry]:
        """At most CHUNK at once; `has_more` tells whether to ask again at once."""
        rows = logs_of(self._execution).filter(self._condition)
        if self._newest is not None:
            since = self._newest - _OVERLAP
            self._seen = {key: moment for key, moment in self._seen.items() if moment >= since}
            rows = rows.filter(timestamp__gte=since).exclude(pk__in=list(self._seen))
        found = list(rows[: CHUNK + 1])
        self.has_more = len(found) > CHUNK
        found = found[:CHUNK]
        for row in found:
            self._seen[row.pk] = row.timestamp
            self._newest = max(self._newest or row.timestamp, row.timestamp)
        return found
