"""`io.kestra.plugin.core.condition.DayWeekInMonth`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar, Literal

from pydantic import Field

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, DayOfWeek, moment_of

_PLACES = ("FIRST", "SECOND", "THIRD", "FOURTH")
_WEEK = timedelta(days=7)


class DayWeekInMonth(Condition):
    """Only on one certain day of the month, such as its first Monday."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.DayWeekInMonth"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.DayWeekInMonthCondition",
        "io.kestra.core.models.conditions.types.DayWeekInMonthCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="At eleven on the first Monday of each month.",
            code="""\
id: first_monday
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: a new month
triggers:
  - id: mondays
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 11 * * 1"
    conditions:
      - type: io.kestra.plugin.core.condition.DayWeekInMonth
        date: "{{ trigger.date }}"
        dayOfWeek: MONDAY
        dayInMonth: FIRST
""",
        ),
    )

    day_of_week: DayOfWeek = Field(description="The day of the week.")
    day_in_month: Literal["FIRST", "SECOND", "THIRD", "FOURTH", "LAST"] = Field(
        description="Which of those days in the month."
    )
    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    def templates(self) -> Mapping[str, Any]:
        return {"date": self.date}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        moment = moment_of(rendered["date"])
        if DayOfWeek.of(moment) is not self.day_of_week:
            return False
        if self.day_in_month == "LAST":
            return (moment + _WEEK).month != moment.month
        return (moment.day - 1) // 7 == _PLACES.index(self.day_in_month)
