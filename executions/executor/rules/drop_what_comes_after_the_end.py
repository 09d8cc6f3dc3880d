"""An ended task run stays as it is, whatever a late message says."""

from dataclasses import replace

from executions.executor.rules.contract import Rule, Transition
from plugins.contracts.state import TERMINAL


class DropWhatComesAfterTheEnd(Rule):
    sources = TERMINAL

    def apply(self, transition: Transition) -> Transition:
        return replace(transition, is_rejected=True)
