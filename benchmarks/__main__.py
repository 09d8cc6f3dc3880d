"""`make bench`: measures all figures, or those that are named, and tells."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

from benchmarks.errors import BenchmarkFailed
from benchmarks.figure import Figure
from benchmarks.figures import ALL, RUN_ORDER
from benchmarks.machine import describe_machine
from benchmarks.readings import Outcome
from benchmarks.reporting import PAGE, terminal_table, write_page
from benchmarks.surroundings import Surroundings

log = logging.getLogger("bench")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="T1 to T15; all by default")
    parser.add_argument("--page", type=Path, help="write the page here; default: only if all ran")
    parser.add_argument("--no-profiles", action="store_true", help="do not explain what is missed")
    given = parser.parse_args()
    unknown = set(given.figures) - {figure.id for figure in ALL}
    if unknown:
        parser.error(f"unknown figures: {', '.join(sorted(unknown))}")
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    signal.signal(signal.SIGTERM, _interrupt)
    machine = list(describe_machine())
    chosen = [figure for figure in RUN_ORDER if not given.figures or figure.id in given.figures]
    outcomes = _measure_all(chosen, has_profiles=not given.no_profiles)
    sys.stdout.write("\n" + terminal_table(outcomes) + "\n")
    page = given.page or (None if given.figures else PAGE)
    if page is not None:
        write_page(outcomes, machine, page)
        sys.stdout.write(f"\nWritten to {page}\n")
    elif not given.no_profiles:
        _tell_profiles(outcomes)
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def _measure_all(figures: Sequence[type[Figure]], *, has_profiles: bool) -> list[Outcome]:
    with Surroundings() as surroundings:
        found = [_measure(figure(), surroundings, has_profiles) for figure in figures]
    return sorted(found, key=lambda outcome: int(outcome.id[1:]))


def _measure(figure: Figure, surroundings: Surroundings, has_profiles: bool) -> Outcome:
    started = time.monotonic()
    log.info("%s %s …", figure.id, figure.title)
    try:
        readings = tuple(figure.measure(surroundings))
        outcome = Outcome(figure.id, figure.title, readings)
        if has_profiles and not outcome.is_reached:
            outcome = replace(outcome, profile=figure.explain(surroundings))
    except (BenchmarkFailed, OSError, RuntimeError) as error:
        log.exception("%s could not be measured", figure.id)
        surroundings.stop_servers()  # the next figure starts afresh
        outcome = Outcome(figure.id, figure.title, failure=str(error))
    log.info("%s\n%.0f s\n", terminal_table([outcome]), time.monotonic() - started)
    return outcome


def _tell_profiles(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if outcome.profile:
            sys.stdout.write(f"\n{outcome.id}\n\n{outcome.profile}\n")


def _interrupt(number: int, frame: FrameType | None) -> None:
    """SIGTERM ends the run as Ctrl-C does: what was started is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("make bench: interrupted; what it had started is stopped")
