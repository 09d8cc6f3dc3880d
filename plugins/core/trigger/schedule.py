"""`io.kestra.plugin.core.trigger.Schedule`."""

import zoneinfo
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from plugins.contracts.condition import AnyCondition
from plugins.contracts.model import OLDER, Example, PluginPart, Text
from plugins.contracts.task import Duration
from plugins.contracts.trigger import Trigger
from plugins.core.trigger.cron import check_cron


def _zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone '{name}'; an example is Europe/Paris") from error
    return name


class Backfill(PluginPart):
    """Older dates to make up for."""

    start: datetime | None = None
    end: datetime | None = None


class Schedule(Trigger):
    """Start an execution at the times of a cron expression.

    Five fields (minute, hour, day of month, month, day of week), with `withSeconds` six; or one of
    `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`. The times are
    `trigger.date`, `trigger.next` and `trigger.previous`."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.trigger.Schedule"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.core.models.triggers.types.Schedule",)
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Every quarter of an hour.",
            code="""\
id: scheduled
namespace: company.team
tasks:
  - id: hello
    type: io.kestra.plugin.core.log.Log
    message: "due at {{ trigger.date ?? execution.startDate }}"
triggers:
  - id: quarter_hour
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "*/15 * * * *"
    timezone: Europe/Paris
""",
        ),
    )

    cron: Text = Field(description="When: a cron expression.")
    with_seconds: bool = Field(default=False, description="Whether a field for seconds leads.")
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="The time zone of the expression."
    )
    schedule_conditions: tuple[AnyCondition, ...] | None = Field(
        default=None, description="Older form of conditions.", json_schema_extra=OLDER
    )
    backfill: Backfill | dict[str, Any] | None = Field(
        default=None, description="Older dates to make up for.", json_schema_extra=OLDER
    )
    late_maximum_delay: Duration | None = Field(
        default=None, description="How late an execution may start; later ones are left out."
    )
    recover_missed_schedules: Literal["ALL", "LAST", "NONE"] | None = Field(
        default=None, description="Which dates are made up for that passed while nothing ran."
    )

    @model_validator(mode="after")
    def _cron_is_valid(self) -> Self:
        check_cron(self.cron, with_seconds=self.with_seconds)
        return self
