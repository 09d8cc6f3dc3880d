"""`io.kestra.plugin.core.condition.Not`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.condition import AnyCondition, Condition
from plugins.contracts.model import Example


class Not(Condition):
    """Only when none of some conditions holds."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.Not"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.NotCondition",
        "io.kestra.core.models.conditions.types.NotCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Every day but Sunday.",
            code="""\
id: not_on_sundays
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: open
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@daily"
    conditions:
      - type: io.kestra.plugin.core.condition.Not
        conditions:
          - type: io.kestra.plugin.core.condition.DayWeek
            dayOfWeek: SUNDAY
""",
        ),
    )

    conditions: tuple[AnyCondition, ...] = Field(min_length=1, description="None may hold.")

    def templates(self) -> Mapping[str, Any]:
        return {"conditions": [condition.templates() for condition in self.conditions]}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        pairs = zip(self.conditions, rendered["conditions"], strict=True)
        return not any(condition.holds(values) for condition, values in pairs)
