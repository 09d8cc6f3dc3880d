"""`io.kestra.plugin.core.condition.Or`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.condition import AnyCondition, Condition
from plugins.contracts.model import Example


class Or(Condition):
    """Only when at least one of some conditions holds."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.Or"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.OrCondition",
        "io.kestra.core.models.conditions.types.OrCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="On Mondays and Thursdays.",
            code="""\
id: twice_a_week
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: hello
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@daily"
    conditions:
      - type: io.kestra.plugin.core.condition.Or
        conditions:
          - type: io.kestra.plugin.core.condition.DayWeek
            dayOfWeek: MONDAY
          - type: io.kestra.plugin.core.condition.DayWeek
            dayOfWeek: THURSDAY
""",
        ),
    )

    conditions: tuple[AnyCondition, ...] = Field(min_length=1, description="One must hold.")

    def templates(self) -> Mapping[str, Any]:
        return {"conditions": [condition.templates() for condition in self.conditions]}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        pairs = zip(self.conditions, rendered["conditions"], strict=True)
        return any(condition.holds(values) for condition, values in pairs)
