"""`io.kestra.plugin.core.condition.TimeBetween`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, clock_of, moment_of, time_of


def _time(text: str) -> str:
    try:
        time_of(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is not a time such as 16:30:00 or 16:30:00+01:00") from error
    return text


_Time = Annotated[str, AfterValidator(_time)]


class TimeBetween(Condition):
    """Only after a time of day, before one, or between two.

    A time with an offset is compared in that offset, one without in that of the date."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.TimeBetween"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.TimeBetweenCondition",
        "io.kestra.core.models.conditions.types.TimeBetweenCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Every minute of the afternoon.",
            code="""\
id: afternoons
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: good afternoon
triggers:
  - id: minutes
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "* * * * *"
    conditions:
      - type: io.kestra.plugin.core.condition.TimeBetween
        after: "12:00:00"
        before: "18:00:00"
""",
        ),
    )

    after: _Time | None = Field(default=None, description="Times after this one.")
    before: _Time | None = Field(default=None, description="Times before this one.")
    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if self.after is None and self.before is None:
            raise ValueError("TimeBetween needs after, before or both")
        return self

    def templates(self) -> Mapping[str, Any]:
        return {"date": self.date}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        moment = moment_of(rendered["date"])
        is_after = self.after is None or _sign(moment, self.after) > 0
        return is_after and (self.before is None or _sign(moment, self.before) < 0)


def _sign(moment: datetime, bound: str) -> int:
    wanted = time_of(bound)
    clock = clock_of(moment, wanted.tzinfo)
    wanted = wanted.replace(tzinfo=None)
    return (clock > wanted) - (clock < wanted)
