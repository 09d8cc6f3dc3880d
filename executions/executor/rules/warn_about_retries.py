"""With `warningOnRetry` a success that needed more than one attempt is a warning."""

from dataclasses import replace

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import State


class WarnAboutRetries(Rule):
    targets = frozenset({State.SUCCESS})

    def apply(self, transition: Transition) -> Transition:
        retry = transition.retry
        if retry is None or not retry.warning_on_retry or transition.attempts <= 1:
            return transition
        return replace(transition, target=State.WARNING)
