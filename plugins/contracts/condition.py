"""Contract of conditions: what narrows a trigger."""

from typing import Annotated

from plugins.contracts.model import Plugin
from plugins.contracts.nested import Kind, Nested


class Condition(Plugin):
    """A question about the event that would start an execution."""


# A field that takes any type of condition.
AnyCondition = Annotated[Condition, Nested(Kind.CONDITION)]
