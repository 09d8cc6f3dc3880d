import pytest

from common.errors import Invalid
from plugins.contracts.nested import Kind
from plugins.registry import installed_registry
from plugins.testing import MemoryRunContext

SATURDAY = "2024-06-01T10:00:00+02:00"
MONDAY = "2024-06-03T10:00:00+02:00"


def condition(kind, **properties):
    value = {"type": f"io.kestra.plugin.core.condition.{kind}", **properties}
    return installed_registry().parse(Kind.CONDITION, value)


def holds(found, date):
    """As the scheduler asks: renders what the condition names, then lets it answer."""
    context = MemoryRunContext(variables={"trigger": {"date": date}})
    return found.holds(context.render(found.templates()))


@pytest.mark.parametrize(
    ("kind", "properties", "date", "result"),
    [
        ("DayWeek", {"dayOfWeek": "MONDAY"}, MONDAY, True),
        ("DayWeek", {"dayOfWeek": "TUESDAY"}, MONDAY, False),
        ("DayWeek", {"dayOfWeek": "MONDAY", "date": "2024-06-04"}, MONDAY, False),
        ("DayWeekCondition", {"dayOfWeek": "MONDAY"}, MONDAY, True),
        ("DayWeekInMonth", {"dayOfWeek": "MONDAY", "dayInMonth": "FIRST"}, MONDAY, True),
        ("DayWeekInMonth", {"dayOfWeek": "MONDAY", "dayInMonth": "SECOND"}, MONDAY, False),
        ("DayWeekInMonth", {"dayOfWeek": "MONDAY", "dayInMonth": "SECOND"}, "2024-06-10", True),
        ("DayWeekInMonth", {"dayOfWeek": "MONDAY", "dayInMonth": "LAST"}, "2024-06-24", True),
        ("DayWeekInMonth", {"dayOfWeek": "MONDAY", "dayInMonth": "LAST"}, "2024-06-17", False),
        ("DayWeekInMonth", {"dayOfWeek": "SUNDAY", "dayInMonth": "FIRST"}, MONDAY, False),
        ("Weekend", {}, SATURDAY, True),
        ("Weekend", {}, MONDAY, False),
        ("DateTimeBetween", {"after": "2024-06-02T00:00:00Z"}, MONDAY, True),
        ("DateTimeBetween", {"after": MONDAY}, MONDAY, False),
        ("DateTimeBetween", {"before": "2024-06-02T00:00:00Z"}, MONDAY, False),
        ("DateTimeBetween", {"after": SATURDAY, "before": "2024-06-04"}, MONDAY, True),
        ("TimeBetween", {"after": "09:00:00", "before": "11:00:00"}, MONDAY, True),
        ("TimeBetween", {"after": "10:00:00"}, MONDAY, False),
        ("TimeBetween", {"before": "09:00:00+00:00"}, MONDAY, True),
        ("TimeBetween", {"after": "08:30:00+00:00"}, MONDAY, False),
        ("PublicHoliday", {"country": "FR"}, "2024-07-14", True),
        ("PublicHoliday", {"country": "FR"}, "2024-07-15", False),
        ("PublicHoliday", {"country": "US", "subDivision": "CA"}, "2024-07-04", True),
        ("Expression", {"expression": "{{ trigger.date is defined }}"}, MONDAY, True),
        ("Expression", {"expression": "{{ trigger.date == 'x' }}"}, MONDAY, False),
    ],
)
def test_a_condition_holds(kind, properties, date, result):
    assert holds(condition(kind, **properties), date) is result


SUNDAY = {"type": "io.kestra.plugin.core.condition.DayWeek", "dayOfWeek": "SUNDAY"}
ON_MONDAY = {"type": "io.kestra.plugin.core.condition.DayWeek", "dayOfWeek": "MONDAY"}


@pytest.mark.parametrize(
    ("kind", "parts", "result"),
    [
        ("Not", [SUNDAY], True),
        ("Not", [SUNDAY, ON_MONDAY], False),
        ("Or", [SUNDAY], False),
        ("Or", [SUNDAY, ON_MONDAY], True),
    ],
)
def test_conditions_are_put_together(kind, parts, result):
    assert holds(condition(kind, conditions=parts), MONDAY) is result


@pytest.mark.parametrize(
    ("kind", "properties", "words"),
    [
        ("DateTimeBetween", {}, "needs after, before or both"),
        ("TimeBetween", {}, "needs after, before or both"),
        ("TimeBetween", {"after": "noon"}, "'noon' is not a time"),
        ("DayWeek", {"dayOfWeek": "HOLIDAY"}, "must be one of 'MONDAY'"),
        ("Not", {"conditions": [{"type": "x"}]}, "conditions.0..type: there is no type x"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused(kind, properties, words):
    with pytest.raises(Invalid, match=words):
        condition(kind, **properties)


@pytest.mark.parametrize(
    ("kind", "properties", "date"),
    [
        ("Weekend", {}, "someday"),
        ("PublicHoliday", {"country": "XX"}, MONDAY),
        ("PublicHoliday", {"country": "US", "subDivision": "ZZ"}, MONDAY),
    ],
)
def test_values_that_cannot_be_read_are_said(kind, properties, date):
    with pytest.raises(Invalid, match=r"is not a date|are not known"):
        holds(condition(kind, **properties), date)
