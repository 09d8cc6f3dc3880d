"""`io.kestra.plugin.core.condition.Weekend`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, DayOfWeek, moment_of


class Weekend(Condition):
    """Only on Saturdays and Sundays."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.Weekend"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.WeekendCondition",
        "io.kestra.core.models.conditions.types.WeekendCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Not at the weekend.",
            code="""\
id: working_days
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: to work
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@daily"
    conditions:
      - type: io.kestra.plugin.core.condition.Not
        conditions:
          - type: io.kestra.plugin.core.condition.Weekend
""",
        ),
    )

    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    def templates(self) -> Mapping[str, Any]:
        return {"date": self.date}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        day = DayOfWeek.of(moment_of(rendered["date"]))
        return day in (DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)
