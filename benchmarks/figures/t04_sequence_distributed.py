"""T4: 40 light tasks in a row, distributed."""

from __future__ import annotations

from benchmarks.figures.waiting import WaitedRun
from benchmarks.readings import Floor, at_most
from benchmarks.surroundings import Surroundings


class SequenceDistributed(WaitedRun):
    """Each task reads the output of the one before."""

    id = "T4"
    title = "40 sequential light tasks, distributed"
    flow = "chain-40"
    target = at_most(0.25)

    def floor(self, surroundings: Surroundings) -> Floor:
        return Floor("raw Celery chain of 40", surroundings.celery_chain_of_40, at_most(3))
