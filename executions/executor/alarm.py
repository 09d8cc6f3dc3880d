"""The timers of an executor's shards: a heap in memory over the rows of the timer table."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime

from executions.store.contract import TimerRow


class Alarm:
    """The rows are written with the state that needs them; a due one stays a row until the
    execution's next write removes it, and a repeated one is told apart by its token."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, str]] = []
        self._rows: dict[str, TimerRow] = {}
        self._tokens: dict[str, set[str]] = {}

    def add(self, rows: Iterable[TimerRow]) -> None:
        for row in rows:
            if row.token not in self._rows:
                self._rows[row.token] = row
                self._tokens.setdefault(row.execution_id, set()).add(row.token)
                heapq.heappush(self._heap, (row.due, row.token))

    def drop(self, execution_id: str) -> None:
        for token in self._tokens.pop(execution_id, ()):
            self._rows.pop(token, None)

    def due(self, moment: datetime) -> list[TimerRow]:
        found: list[TimerRow] = []
        while self._heap and self._heap[0][0] <= moment:
            _, token = heapq.heappop(self._heap)
            row = self._rows.pop(token, None)
            if row is not None:
                self._tokens[row.execution_id].discard(token)
                found.append(row)
        return found

    def seconds_to_next(self, moment: datetime) -> float | None:
        while self._heap and self._heap[0][1] not in self._rows:
            heapq.heappop(self._heap)
        if not self._heap:
            return None
        return max(0.0, (self._heap[0][0] - moment).total_seconds())
