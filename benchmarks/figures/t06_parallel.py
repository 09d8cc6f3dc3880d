"""T6: 40 light tasks at once."""

from __future__ import annotations

from benchmarks.figures.waiting import WaitedRun
from benchmarks.floors import celery_floor
from benchmarks.readings import Floor, at_most
from benchmarks.surroundings import Surroundings


class ParallelTasks(WaitedRun):
    """Children of one Parallel."""

    id = "T6"
    title = "40 parallel light tasks, distributed"
    flow = "parallel-40"
    is_sequence = False
    target = at_most(0.06)

    def floor(self, surroundings: Surroundings) -> Floor:
        seconds = celery_floor.at_once_seconds(40)
        return Floor("raw Celery, 40 at once", seconds, at_most(1.5))
