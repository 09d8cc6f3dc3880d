"""`io.kestra.plugin.core.condition.DayWeek`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, DayOfWeek, moment_of


class DayWeek(Condition):
    """Only on one day of the week."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.DayWeek"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.DayWeekCondition",
        "io.kestra.core.models.conditions.types.DayWeekCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Every hour of Thursdays.",
            code="""\
id: thursdays
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: it is Thursday
triggers:
  - id: hourly
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@hourly"
    conditions:
      - type: io.kestra.plugin.core.condition.DayWeek
        dayOfWeek: THURSDAY
""",
        ),
    )

    day_of_week: DayOfWeek = Field(description="The day.")
    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    def templates(self) -> Mapping[str, Any]:
        return {"date": self.date}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        return DayOfWeek.of(moment_of(rendered["date"])) is self.day_of_week
