"""The error of a task that failed for a reason it knows."""

from common.errors import KestraError


class TaskFailed(KestraError):
    """The task failed. Raised by `run` with a message that stands in the log as it is, without a
    stack trace; any other error counts as a fault of the type."""
