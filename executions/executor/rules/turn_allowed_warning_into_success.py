"""`allowWarning` turns WARNING into SUCCESS."""

from dataclasses import replace

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import State


class TurnAllowedWarningIntoSuccess(Rule):
    targets = frozenset({State.WARNING})

    def apply(self, transition: Transition) -> Transition:
        if not transition.task.allow_warning:
            return transition
        return replace(transition, target=State.SUCCESS)
