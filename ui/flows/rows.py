"""Flows as rows of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.actor import Actor
from executions.models import Execution
from executions.queries.latest import latest_of_flows
from flows.models import Flow
from rbac.queries import visible_namespaces

RECENT_RUNS = 20
_LOWEST, _HIGHEST = 5, 20


@dataclass(frozen=True, slots=True)
class Bar:
    """A run of the strip: `pixels` high by its duration among those beside it."""

    id: str
    state: str
    pixels: int
    started: datetime
    duration: timedelta | None

    @property
    def top(self) -> int:
        return _HIGHEST - self.pixels


@dataclass(frozen=True, slots=True)
class FlowRow:
    flow: Flow
    labels: list[tuple[str, str]]
    bars: list[Bar]

    @property
    def key(self) -> str:
        return f"{self.flow.namespace}/{self.flow.flow_id}"

    @property
    def last(self) -> Bar | None:
        return self.bars[-1] if self.bars else None


def flow_rows(flows: Sequence[Flow], *, actor: Actor, tenant: str) -> list[FlowRow]:
    """With their recent runs where the caller may see them: one query for all."""
    reach = visible_namespaces(actor, "EXECUTION", "LIST", tenant)
    keys = [(flow.namespace, flow.flow_id) for flow in flows if reach.covers(flow.namespace)]
    runs = latest_of_flows(keys, count=RECENT_RUNS)
    return [
        FlowRow(
            flow,
            sorted((str(key), str(value)) for key, value in flow.labels.items()),
            recent_bars(runs.get((flow.namespace, flow.flow_id), [])),
        )
        for flow in flows
    ]


def recent_bars(runs: Sequence[Execution]) -> list[Bar]:
    """In the order given."""
    lengths = [_duration(run) for run in runs]
    longest = max((each for each in lengths if each is not None), default=timedelta())
    return [
        Bar(run.public_id, run.state, _height(length, longest), run.started_at, length)
        for run, length in zip(runs, lengths, strict=True)
    ]


def _duration(run: Execution) -> timedelta | None:
    return run.ended_at - run.started_at if run.ended_at is not None else None


def _height(length: timedelta | None, longest: timedelta) -> int:
    """One that still runs is as high as can be."""
    if length is None or not longest:
        return _HIGHEST if length is None else _LOWEST
    return _LOWEST + round((_HIGHEST - _LOWEST) * (length / longest))
