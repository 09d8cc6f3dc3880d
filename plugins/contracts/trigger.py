"""Contract of triggers, as far as a flow declares them."""

from typing import Any

from pydantic import Field

from plugins.contracts.condition import AnyCondition
from plugins.contracts.model import ID_PATTERN, Plugin
from plugins.contracts.state import State


class Trigger(Plugin):
    """What every trigger has."""

    id: str = Field(pattern=ID_PATTERN, max_length=256, description="Unique among the triggers.")
    description: str | None = None
    disabled: bool = False
    conditions: tuple[AnyCondition, ...] | None = None
    labels: dict[str, Any] | tuple[dict[str, Any], ...] | None = None
    inputs: dict[str, Any] | None = None
    stop_after: tuple[State, ...] | None = None
    worker_group: dict[str, Any] | None = None
    log_level: str | None = None
