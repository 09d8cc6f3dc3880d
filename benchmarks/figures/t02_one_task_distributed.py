"""T2: one task, from the HTTP request to its answer, distributed."""

from __future__ import annotations

from benchmarks.figures.waiting import OneTask
from benchmarks.floors import celery_floor
from benchmarks.readings import Floor, at_most
from benchmarks.stacks import Server
from benchmarks.surroundings import Surroundings


class OneTaskDistributed(OneTask):
    """Through webserver, executor and worker."""

    id = "T2"
    title = "one-task flow, HTTP trigger to finish, distributed"
    median_target, late_target = at_most(12), at_most(25)

    def server(self, surroundings: Surroundings) -> Server:
        return surroundings.distributed

    def floor(self, surroundings: Surroundings) -> Floor:
        seconds = celery_floor.round_trip_seconds()
        return Floor("raw Celery round trip", 1000 * seconds, at_most(6))
