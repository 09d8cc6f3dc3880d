"""The states of executions and task runs."""

from enum import StrEnum


class State(StrEnum):
    CREATED = "CREATED"
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    RESTARTED = "RESTARTED"
    RETRYING = "RETRYING"
    KILLING = "KILLING"
    SUCCESS = "SUCCESS"
    WARNING = "WARNING"
    FAILED = "FAILED"
    KILLED = "KILLED"
    CANCELLED = "CANCELLED"
    SKIPPED = "SKIPPED"
    RETRIED = "RETRIED"
    BREAKPOINT = "BREAKPOINT"

    @property
    def is_terminal(self) -> bool:
        return self in TERMINAL

    @property
    def is_failure(self) -> bool:
        """Ends a sequence: what stands after it does not start."""
        return self in FAILURES


TERMINAL = frozenset(
    {
        State.SUCCESS,
        State.WARNING,
        State.FAILED,
        State.KILLED,
        State.CANCELLED,
        State.SKIPPED,
        State.RETRIED,
    }
)
FAILURES = frozenset({State.FAILED, State.KILLED, State.CANCELLED})

# A parent's state is that of the child which stands first here.
PRECEDENCE = (
    State.KILLED,
    State.CANCELLED,
    State.FAILED,
    State.WARNING,
    State.PAUSED,
    State.SUCCESS,
)
