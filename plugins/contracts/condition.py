"""Contract of conditions: what narrows a trigger."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any

from plugins.contracts.model import Plugin
from plugins.contracts.nested import Kind, Nested


class Condition(Plugin):
    """A question about the event that would start an execution. Pure, like a flowable: it names
    what must be rendered, in the scope of the event, and answers from the values."""

    def templates(self) -> Mapping[str, Any]:
        """What must be rendered before `holds`, by name."""
        return {}

    @abstractmethod
    def holds(self, rendered: Mapping[str, Any]) -> bool:
        """Whether the execution starts. Raises Invalid for values that cannot be read."""


# A field that takes any type of condition.
AnyCondition = Annotated[Condition, Nested(Kind.CONDITION)]
