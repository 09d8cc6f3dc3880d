import pytest

from common.errors import Invalid
from plugins.contracts.nested import Kind
from plugins.registry import installed_registry


def schedule(**properties):
    value = {"id": "t", "type": "io.kestra.plugin.core.trigger.Schedule", **properties}
    return installed_registry().parse(Kind.TRIGGER, value, path="triggers[0]")


@pytest.mark.parametrize(
    "cron", ["*/15 * * * *", "0 9 * * 1-5", "0 11 * * MON", "@daily", "@hourly", "@midnight"]
)
def test_cron_expressions_are_taken(cron):
    assert schedule(cron=cron).cron == cron


def test_six_fields_need_with_seconds():
    assert schedule(cron="*/5 * * * * *", withSeconds=True).with_seconds
    with pytest.raises(Invalid, match="withSeconds: true"):
        schedule(cron="*/5 * * * * *")


@pytest.mark.parametrize(
    ("properties", "path"),
    [
        ({"cron": "61 * * * *"}, "triggers[0].cron"),
        ({"cron": "often"}, "triggers[0].cron"),
        ({"cron": "@sometimes"}, "triggers[0].cron"),
        ({"cron": "@daily", "timezone": "Mars/Base"}, "triggers[0].timezone"),
        (
            {"cron": "@daily", "recoverMissedSchedules": "SOME"},
            "triggers[0].recoverMissedSchedules",
        ),
        ({}, "triggers[0].cron"),
    ],
)
def test_what_is_wrong_has_its_place(properties, path):
    with pytest.raises(Invalid) as caught:
        schedule(**properties)

    assert [violation.path for violation in caught.value.violations] == [path]


def test_a_schedule_keeps_what_the_scheduler_needs():
    found = schedule(
        cron="@daily",
        timezone="America/New_York",
        inputs={"a": "{{ trigger.date }}"},
        backfill={"start": "2023-11-11T00:00:00Z"},
        lateMaximumDelay="PT1H",
        stopAfter=["FAILED"],
    )

    assert found.timezone == "America/New_York"
    assert found.late_maximum_delay.total_seconds() == 3600
    assert found.inputs == {"a": "{{ trigger.date }}"}
