"""`io.kestra.plugin.core.condition.PublicHoliday`."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from common.errors import Invalid
from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, moment_of


class PublicHoliday(Condition):
    """Only on public holidays of a country, or of a part of it."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.PublicHoliday"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.PublicHolidayCondition",
        "io.kestra.core.models.conditions.types.PublicHolidayCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Daily, but not on holidays in France.",
            code="""\
id: no_holidays
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
          - type: io.kestra.plugin.core.condition.PublicHoliday
            country: FR
""",
        ),
    )

    country: Text = Field(description="The country's ISO 3166 code, such as FR.")
    sub_division: Text | None = Field(
        default=None, description="The code of a part of it, such as CA for California."
    )
    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    def templates(self) -> Mapping[str, Any]:
        return {
            "date": self.date,
            "country": self.country,
            "subDivision": self.sub_division,
        }

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        import holidays

        moment = moment_of(rendered["date"])
        country, part = str(rendered["country"]).upper(), rendered["subDivision"]
        try:
            known = holidays.country_holidays(
                country, subdiv=str(part).upper() if part else None, years=moment.year
            )
        except NotImplementedError as error:
            place = f"{country}, {part}" if part else country
            raise Invalid(f"The public holidays of '{place}' are not known") from error
        return moment.date() in known
