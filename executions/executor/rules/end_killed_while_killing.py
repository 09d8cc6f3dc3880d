"""While an execution is being killed, a task run that is interrupted ends KILLED, not FAILED."""

from dataclasses import replace

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import State


class EndKilledWhileKilling(Rule):
    targets = frozenset({State.FAILED, State.RETRYING})

    def apply(self, transition: Transition) -> Transition:
        if not transition.is_killing:
            return transition
        return replace(transition, target=State.KILLED)
