"""`io.kestra.plugin.core.condition.DateTimeBetween`."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from plugins.contracts.condition import Condition
from plugins.contracts.model import Example, Text
from plugins.core.condition.dates import TRIGGER_DATE, moment_of


class DateTimeBetween(Condition):
    """Only after a date, before one, or between two."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.condition.DateTimeBetween"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.core.condition.DateTimeBetweenCondition",
        "io.kestra.core.models.conditions.types.DateTimeBetweenCondition",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="From the new year on.",
            code="""\
id: from_new_year
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: happy new year
triggers:
  - id: daily
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "@daily"
    conditions:
      - type: io.kestra.plugin.core.condition.DateTimeBetween
        after: "2025-01-01T00:00:00Z"
""",
        ),
    )

    after: Text | None = Field(default=None, description="Dates after this one.")
    before: Text | None = Field(default=None, description="Dates before this one.")
    date: Text = Field(default=TRIGGER_DATE, description="The date that is looked at.")

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if self.after is None and self.before is None:
            raise ValueError("DateTimeBetween needs after, before or both")
        return self

    def templates(self) -> Mapping[str, Any]:
        return {"date": self.date, "after": self.after, "before": self.before}

    def holds(self, rendered: Mapping[str, Any]) -> bool:
        moment = moment_of(rendered["date"])
        after, before = rendered["after"], rendered["before"]
        is_after = after is None or moment > moment_of(after)
        return is_after and (before is None or moment < moment_of(before))
