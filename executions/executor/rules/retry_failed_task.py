"""A failed task is tried again as its `retry` says (its own, an ancestor's, or the flow's)."""

from dataclasses import replace
from datetime import timedelta

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import State
from plugins.contracts.task import Retry


class RetryFailedTask(Rule):
    """The leaf is tried again, never the flowable above it."""

    sources = frozenset({State.CREATED, State.RUNNING, State.RETRYING, State.RESTARTED})
    targets = frozenset({State.FAILED})

    def apply(self, transition: Transition) -> Transition:
        retry = transition.retry
        if retry is None or transition.is_flowable or transition.attempts == 0:
            return transition
        allowed = retry.attempts_allowed
        if allowed is not None and transition.attempts >= allowed:
            return transition
        delay = _delay(retry, transition.attempts, transition.chance)
        if _ends_too_late(transition, retry, delay):
            return transition
        return replace(transition, target=State.RETRYING, retry_in=delay)


def _ends_too_late(transition: Transition, retry: Retry, delay: timedelta) -> bool:
    """`maxDuration` counts from the first attempt's start: an interval of 2 s within 6 s gives
    three attempts."""
    if retry.max_duration is None or transition.first_started is None:
        return False
    return transition.now + delay - transition.first_started >= retry.max_duration


def _delay(retry: Retry, attempts: int, chance: float) -> timedelta:
    if retry.type == "random":
        low, high = retry.min_interval or timedelta(), retry.max_interval or timedelta()
        return low + (high - low) * chance
    interval = retry.interval or timedelta()
    if retry.type == "constant":
        return interval
    # the first retry of an exponential one is immediate
    delay = interval * (retry.delay_factor * (attempts - 1))
    return min(delay, retry.max_interval) if retry.max_interval is not None else delay
