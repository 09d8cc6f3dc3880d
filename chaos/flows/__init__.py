"""The load: flows of every structure, and what each of their executions must have left in the
end."""

from __future__ import annotations

from chaos.flows.branches import branches, sequences
from chaos.flows.expected import NAMESPACE, Expected
from chaos.flows.failures import failures
from chaos.flows.loops import loops
from chaos.flows.scripts import data, ends
from chaos.flows.subflows import subflows

__all__ = ["NAMESPACE", "Expected", "flows"]


def flows(port: int) -> dict[str, Expected]:
    """By flow id. `port` is that of the counting server."""
    return {
        **sequences(),
        **branches(),
        **loops(),
        **failures(port),
        **subflows(),
        **data(port),
        **ends(port),
    }
