"""The table of all figures, for the terminal and for `docs/benchmarks.md`."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.processes import ROOT
from benchmarks.readings import Outcome, Reading

PAGE = ROOT / "docs" / "benchmarks.md"
COLUMNS = ("#", "figure", "worst", "median", "target", "floor", "ratio", "with Log", "reached")
_LEFT = {"#", "figure", "floor", "reached"}

_INTRODUCTION = """\
# Benchmarks

Made by `make bench` (`make bench FIGURE=T1` measures one and leaves this page alone). Every figure
is measured several times, beside a floor that is taken in the same run: what the machine does
without the product. A figure is reached when its **worst** round keeps the target and, where there
is one, the ratio to its floor. PostgreSQL waits for the disk on every commit; servers and processes
are the run's own, started by the `kestra server …` commands.

A *light task* is a type that only the benchmarks have; it runs on a worker and renders an
expression. *With Log* is the median of the same with a Log, which runs in the executor, in its
place.
"""


def rows_of(outcome: Outcome) -> list[tuple[str, ...]]:
    if outcome.failure:
        return [(outcome.id, outcome.title, "-", "-", "-", "-", "-", "-", "FAILED")]
    return [
        (outcome.id if index == 0 else "", *_row(outcome, reading))
        for index, reading in enumerate(outcome.readings)
    ]


def _row(outcome: Outcome, reading: Reading) -> tuple[str, ...]:
    floor, ratio = "-", "-"
    if reading.floor is not None:
        floor = f"{number(reading.floor.value)} {reading.floor.what}"
        bound = f" ({reading.floor.target})" if reading.floor.target else ""
        ratio = f"{number(reading.worst / reading.floor.value)} ×{bound}"
    return (
        f"{outcome.title}: {reading.what}",
        f"{number(reading.worst)} {reading.unit}",
        number(reading.median),
        f"{reading.target} {reading.unit}",
        floor,
        ratio,
        number(statistics.median(reading.log_rounds)) if reading.log_rounds else "-",
        "yes" if reading.is_reached else "no",
    )


def number(value: float) -> str:
    """Three significant digits, whole from 100."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def terminal_table(outcomes: Iterable[Outcome]) -> str:
    rows = [COLUMNS, *(row for outcome in outcomes for row in rows_of(outcome))]
    widths = [max(len(row[index]) for row in rows) for index in range(len(COLUMNS))]
    lines = ["  ".join(_padded(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _padded(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.ljust(width) if column in _LEFT else cell.rjust(width)
        for cell, width, column in zip(row, widths, COLUMNS, strict=True)
    ]


def write_page(
    outcomes: Sequence[Outcome], machine: Iterable[tuple[str, str]], file: Path = PAGE
) -> None:
    rules = "|".join("---" if column in _LEFT else "--:" for column in COLUMNS)
    table = [f"| {' | '.join(COLUMNS)} |", f"|{rules}|"]
    table += [f"| {' | '.join(row)} |" for outcome in outcomes for row in rows_of(outcome)]
    parts = [
        _INTRODUCTION,
        "\n".join(table) + "\n",
        "## The machine\n",
        "\n".join(f"- {what}: {which}" for what, which in machine) + "\n",
    ]
    missed = [outcome for outcome in outcomes if not outcome.is_reached]
    if missed:
        parts.append("## What is not reached, and where the time goes\n")
        parts += [_missed(outcome) for outcome in missed]
    file.write_text("\n".join(parts), encoding="utf-8")


def _missed(outcome: Outcome) -> str:
    lines = [f"### {outcome.id}: {outcome.title}\n"]
    if outcome.failure:
        lines.append(f"It could not be measured:\n\n```\n{outcome.failure}\n```\n")
    for reading in outcome.readings:
        if not reading.is_reached:
            rounds = ", ".join(map(number, reading.rounds))
            lines.append(f"- {reading.what}, every round in {reading.unit}: {rounds}")
    return "\n".join([*lines, "", outcome.profile, ""])
