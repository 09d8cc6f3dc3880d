"""T5: 40 light tasks in a row, embedded."""

from __future__ import annotations

from benchmarks.figures.waiting import WaitedRun
from benchmarks.readings import Floor, at_most
from benchmarks.stacks import Server
from benchmarks.surroundings import Surroundings


class SequenceEmbedded(WaitedRun):
    """Compared with a Celery that has Redis and processes of its own."""

    id = "T5"
    title = "40 sequential light tasks, embedded"
    flow = "chain-40"
    target = at_most(0.06)

    def server(self, surroundings: Surroundings) -> Server:
        return surroundings.embedded

    def floor(self, surroundings: Surroundings) -> Floor:
        return Floor("raw Celery chain of 40", surroundings.celery_chain_of_40, at_most(1))
