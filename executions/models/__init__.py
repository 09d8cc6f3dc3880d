"""The engine's tables. The store (`executions.store`) writes the rows of what is live by array SQL;
everything else reads, and writes what has ended, through these models."""

from executions.models.bus import BusMessage
from executions.models.engine import (
    ExecutorLease,
    HousekeepingLease,
    InboxRow,
    Shard,
    Timer,
    WorkerLease,
)
from executions.models.execution import Execution, HasLabel
from executions.models.log import LogEntry, Metric
from executions.models.task_run import Attempt, TaskRun

__all__ = [
    "Attempt",
    "BusMessage",
    "Execution",
    "ExecutorLease",
    "HasLabel",
    "HousekeepingLease",
    "InboxRow",
    "LogEntry",
    "Metric",
    "Shard",
    "TaskRun",
    "Timer",
    "WorkerLease",
]
