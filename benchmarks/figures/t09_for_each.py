"""T9: ForEach over 100 values."""

from __future__ import annotations

from benchmarks.figures.waiting import WaitedRun
from benchmarks.readings import at_most


class LoopOfHundred(WaitedRun):
    """One light task a value, without a limit of how many at once."""

    id = "T9"
    title = "ForEach of 100, no concurrency limit"
    flow = "for-each"
    inputs = {"n": 100}
    tasks = 100
    is_sequence = False
    target = at_most(0.15)
