"""T3: one task, from the HTTP request to its answer, embedded."""

from __future__ import annotations

import statistics

from benchmarks.figure import seconds_of
from benchmarks.figures.waiting import OneTask
from benchmarks.readings import Floor, at_most
from benchmarks.stacks import Server
from benchmarks.surroundings import Surroundings

_REQUESTS = 300


class OneTaskEmbedded(OneTask):
    """In one process."""

    id = "T3"
    title = "one-task flow, HTTP trigger to finish, embedded"
    median_target, late_target = at_most(6), at_most(12)

    def server(self, surroundings: Surroundings) -> Server:
        return surroundings.embedded

    def floor(self, surroundings: Surroundings) -> Floor:
        """A redirect: the middleware, and a view that does nothing."""
        with surroundings.embedded.client() as client:
            times = [seconds_of(lambda: client.request("GET", "/")) for _ in range(_REQUESTS)]
        return Floor("empty request", 1000 * statistics.median(times), at_most(4))
