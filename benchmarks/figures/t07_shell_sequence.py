"""T7: 40 shell tasks in a row."""

from __future__ import annotations

from benchmarks.figures.waiting import WaitedRun
from benchmarks.floors import spawning
from benchmarks.readings import Floor, at_most
from benchmarks.surroundings import Surroundings


class ShellSequence(WaitedRun):
    """Each an `echo` in a process of its own."""

    id = "T7"
    title = "40 sequential shell tasks"
    flow = "shell-40"
    target = at_most(0.35)
    calls = 3
    has_log_twin = False

    def floor(self, surroundings: Surroundings) -> Floor:
        return Floor("40 × subprocess.run", spawning.sequence_seconds(40, 5), at_most(8))
