"""The errors of executions."""

from common.errors import BadRequest, Conflict, NotFound


class ExecutionNotFound(NotFound):
    """The execution does not exist."""


class TaskRunNotFound(NotFound):
    """The execution has no such task run."""


class ExecutionEnded(Conflict):
    """The execution has ended."""


class ExecutionNotEnded(Conflict):
    """The execution has not ended."""


class FlowDisabled(Conflict):
    """Cannot execute a disabled flow"""


class BulkRefused(BadRequest):
    """A call on many executions named some that it cannot act on: nothing happened. `reasons` maps
    their ids to what is wrong."""

    reasons: dict[str, str]
