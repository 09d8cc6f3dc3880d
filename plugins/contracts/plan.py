"""How a flowable task lays out its children: frozen values that the executor interprets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugins.contracts.task import Task


class BranchKind(StrEnum):
    """How an edge of the topology reads."""

    SEQUENTIAL = "SEQUENTIAL"
    PARALLEL = "PARALLEL"
    CHOICE = "CHOICE"
    DYNAMIC = "DYNAMIC"
    ERROR = "ERROR"
    FINALLY = "FINALLY"


@dataclass(frozen=True, slots=True)
class Branch:
    """Tasks that belong together: `tasks`, a case of a Switch, `errors`. `path` is where they stand
    in the source (`cases.FIRST`)."""

    path: str
    tasks: tuple[Task, ...]
    kind: BranchKind = BranchKind.SEQUENTIAL
    value: str | None = None
    depends_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Order(StrEnum):
    SEQUENTIAL = "SEQUENTIAL"
    PARALLEL = "PARALLEL"
    GRAPH = "GRAPH"


@dataclass(frozen=True, slots=True)
class Plan:
    """Children to run. Without `values` one group of `tasks`; with them one group a value, whose
    direct task runs carry it. `order` holds within a group. `limit` counts groups where there are
    values and tasks where there are none; 0 means no limit."""

    tasks: tuple[Task, ...]
    order: Order = Order.SEQUENTIAL
    depends_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: tuple[str, ...] | None = None
    limit: int = 0
    outputs: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SubflowRequest:
    """An execution to start. `wait`: the task run ends with it; `transmit_failed`: so does its
    failure."""

    namespace: str
    flow_id: str
    revision: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    inherit_labels: bool = False
    wait: bool = True
    transmit_failed: bool = True
    schedule_date: datetime | None = None
