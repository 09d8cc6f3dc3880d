"""Every change of a task run's state goes through here: an ordered list of rules. A forced change
is another, shorter policy."""

from __future__ import annotations

from collections.abc import Sequence

from executions.executor.rules.contract import Rule, Transition
from executions.executor.rules.drop_what_comes_after_the_end import DropWhatComesAfterTheEnd
from executions.executor.rules.end_killed_while_killing import EndKilledWhileKilling
from executions.executor.rules.retry_failed_task import RetryFailedTask
from executions.executor.rules.turn_allowed_failure_into_warning import (
    TurnAllowedFailureIntoWarning,
)
from executions.executor.rules.turn_allowed_warning_into_success import (
    TurnAllowedWarningIntoSuccess,
)
from executions.executor.rules.warn_about_retries import WarnAboutRetries

RULES: tuple[Rule, ...] = (
    DropWhatComesAfterTheEnd(),  # first: nothing may revive an ended task run
    EndKilledWhileKilling(),  # before the retry: what is being killed is not tried again
    RetryFailedTask(),  # before the failure is softened: retries come first
    WarnAboutRetries(),  # a success, but a dear one
    TurnAllowedFailureIntoWarning(),  # before the next: a failure may become a success in two steps
    TurnAllowedWarningIntoSuccess(),
)


def decide(transition: Transition, rules: Sequence[Rule] = RULES) -> Transition:
    """The transition as the rules leave it. A rejected one comes back with `is_rejected`."""
    for rule in rules:
        if transition.is_rejected:
            break
        if rule.governs(transition):
            transition = rule.apply(transition)
    return transition
