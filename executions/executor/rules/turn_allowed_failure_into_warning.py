"""`allowFailure` turns FAILED into WARNING."""

from dataclasses import replace

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import State


class TurnAllowedFailureIntoWarning(Rule):
    targets = frozenset({State.FAILED})

    def apply(self, transition: Transition) -> Transition:
        if not transition.task.allow_failure:
            return transition
        return replace(transition, target=State.WARNING)
