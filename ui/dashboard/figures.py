"""What a dashboard shows of a span: how executions ended, over time and by namespace, what runs and
what failed last. Reads executions by their indexes, never logs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import formats, timezone

from common.actor import Actor
from common.clock import to_iso
from executions.api.access import visible_executions
from executions.models import Execution
from executions.queries.statistics import Period, no_states, runs_by_group, runs_over_time
from flows.api.access import visible_flows
from plugins.contracts.state import TERMINAL, State
from ui.dashboard.runs import Run, runs_of
from ui.dashboard.span import Span

_LISTED = 8
_SUCCEEDED = (State.SUCCESS, State.WARNING)
_FAILED = (State.FAILED, State.KILLED)
# From the bottom of a bar to its top; the others lie between the first and the last.
_BOTTOM, _TOP = ("SUCCESS", "WARNING"), ("KILLED", "FAILED")
_FORMATS = {"month": "M Y", "week": "j M", "day": "j M", "hour": "j M H:i", "minute": "H:i"}
_LENGTHS = {"month": 31, "week": 7, "day": 1}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bar of the chart: numbers in the order of the chart's states; `url` lists what is in it."""

    label: str
    numbers: list[int]
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Share:
    """A namespace among the others: `bars` are (state, number, left, width), both in percent of
    the longest."""

    namespace: str
    total: int
    bars: list[tuple[str, int, float, float]]


@dataclass(frozen=True, slots=True)
class Figures:
    """Ratios are percent of what has ended, none where nothing has."""

    total: int
    ended: int
    succeeded: int
    failed: int
    flows: int
    triggers: int
    states: list[str]
    buckets: list[Bucket]
    namespaces: list[Share]
    running: list[Run]
    failures: list[Run]

    @property
    def success_ratio(self) -> float | None:
        return 100 * self.succeeded / self.ended if self.ended else None

    @property
    def failure_ratio(self) -> float | None:
        return 100 * self.failed / self.ended if self.ended else None


def figures_of(actor: Actor, tenant: str, span: Span, *, namespace: str = "") -> Figures:
    """Of a namespace and what is below it, or of all that the caller may see. Raises Invalid."""
    within = _within(namespace)
    rows = visible_executions(actor, "LIST").filter(within)
    groups = runs_by_group(rows, ("namespace",), start=span.start, end=span.end)
    periods = _together(groups.values()) or runs_over_time(
        rows.none(), start=span.start, end=span.end
    )
    counts = _sums(periods)
    flows = visible_flows(actor, "LIST").filter(within)
    defined = flows.aggregate(flows=Count("pk"), triggers=Sum("trigger_count", default=0))
    states = _states(counts)
    return Figures(
        total=sum(counts.values()),
        ended=sum(counts[state] for state in TERMINAL),
        succeeded=sum(counts[state] for state in _SUCCEEDED),
        failed=sum(counts[state] for state in _FAILED),
        **defined,
        states=states,
        buckets=[_bucket(each, states, tenant, namespace) for each in periods],
        namespaces=_shares({key[0]: _sums(each) for key, each in groups.items()}, states),
        running=runs_of(_running(rows)),
        failures=runs_of(_failures(rows, span)),
    )


def _within(namespace: str) -> Q:
    if not namespace:
        return Q()
    return Q(namespace=namespace) | Q(namespace__startswith=f"{namespace}.")


def _together(groups: Iterable[Sequence[Period]]) -> list[Period]:
    """The periods of all groups, added up."""
    summed: dict[datetime, Period] = {}
    for periods in groups:
        for each in periods:
            known = summed.setdefault(each.start, Period(each.start, each.step, no_states()))
            for state, number in each.counts.items():
                known.counts[state] += number
    return list(summed.values())


def _sums(periods: Iterable[Period]) -> dict[str, int]:
    sums = no_states()
    for each in periods:
        for state, number in each.counts.items():
            sums[state] += number
    return sums


def _states(counts: dict[str, int]) -> list[str]:
    """Those that occur, from the bottom to the top."""
    found = [state for state, number in counts.items() if number]
    middle = [state for state in found if state not in (*_BOTTOM, *_TOP)]
    return [state for state in (*_BOTTOM, *middle, *_TOP) if state in found]


def _bucket(period: Period, states: Sequence[str], tenant: str, namespace: str) -> Bucket:
    numbers = [period.counts[state] for state in states]
    days = _LENGTHS.get(period.step)
    length = timedelta(days=days) if days else timedelta(**{f"{period.step}s": 1})
    asked: dict[str, Any] = {
        "filters[startDate][GREATER_THAN_OR_EQUAL_TO]": to_iso(period.start),
        "filters[startDate][LESS_THAN_OR_EQUAL_TO]": to_iso(period.start + length),
    }
    if namespace:
        asked["filters[namespace][PREFIX]"] = namespace
    return Bucket(
        label=_label(period),
        numbers=numbers,
        total=sum(numbers),
        url=f"/ui/{tenant}/executions?{urlencode(asked)}",
    )


def _label(period: Period) -> str:
    """Steps of a day and more begin at midnight of UTC."""
    is_long = period.step in _LENGTHS
    moment = period.start if is_long else timezone.localtime(period.start)
    return str(formats.date_format(moment, _FORMATS[period.step]))


def _shares(counts: dict[str, dict[str, int]], states: Sequence[str]) -> list[Share]:
    """Those with most executions first."""
    totals = sorted(
        ((sum(each.values()), name) for name, each in counts.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    longest = totals[0][0] if totals else 0
    return [
        Share(name, total, _bars(counts[name], states, longest)) for total, name in totals[:_LISTED]
    ]


def _bars(
    counts: dict[str, int], states: Sequence[str], longest: int
) -> list[tuple[str, int, float, float]]:
    bars, left = [], 0.0
    for state in states:
        width = 100 * counts[state] / longest
        if width:
            bars.append((state, counts[state], left, width))
        left += width
    return bars


def _running(rows: QuerySet[Execution]) -> list[Execution]:
    going = [state.value for state in State if state not in TERMINAL]
    return list(rows.filter(state__in=going).order_by("-created_at")[:_LISTED])


def _failures(rows: QuerySet[Execution], span: Span) -> list[Execution]:
    found = rows.filter(state=State.FAILED, created_at__gte=span.start, created_at__lte=span.end)
    return list(found.order_by("-created_at")[:_LISTED])
