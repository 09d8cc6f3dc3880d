"""Reading, printing and adding to dates."""

from datetime import UTC, datetime

import pytest

from expressions.errors import ExpressionError

_D = "2013-09-08T16:19:12.123456+01:00"
_LETTERS = "y yy yyyy u M MM MMM MMMM L d D E EEEE Q QQQ a h H k K m s S SSS n X XXX x xxx Z VV z G"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", "2013-09-08T15:19:12.123456Z"),
        ("'iso_sec', '+05:30'", "2013-09-08T20:49:12+05:30"),
        ("'iso_date_time', 'Europe/Paris'", "2013-09-08T17:19:12.123456+02:00[Europe/Paris]"),
        ("'iso_zoned_date_time', '+02:00'", "2013-09-08T17:19:12.123456+02:00"),
        ("'iso_instant', 'Europe/Paris'", "2013-09-08T15:19:12.123456Z"),
        ("'iso_ordinal_date'", "2013-251Z"),
        ("'iso_week_date'", "2013-W36-7Z"),
        ("'rfc_1123_date_time', 'Europe/Paris'", "Sun, 8 Sep 2013 17:19:12 +0200"),
        ("'iso_local_date_time'", "2013-09-08T15:19:12.123456"),
        (f"'{_LETTERS}'",
         "2013 13 2013 2013 9 09 Sep September 9 8 251 Sun Sunday 3 Q3 PM 3 15 15 3 19 12 1 123 "
         "123456000 Z Z +00 +00:00 +0000 UTC UTC AD"),
        ("'X XX XXX x Z', 'Asia/Kolkata'", "+0530 +0530 +05:30 +0530 +0530"),
        ("'z VV', 'America/New_York'", "EDT America/New_York"),
        ("\"EEEE d MMMM 'à' HH'h' ''\", locale='fr-FR'", "dimanche 8 septembre à 15h '"),
        ("'VV', 'UTC+2'", "UTC+02:00"),
        ("'z', 'GMT'", "GMT"),
    ],
)  # fmt: skip
def test_a_date_prints_as(render, arguments, expected):
    assert render(f"{{{{ d | date({arguments}) }}}}", d=_D) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1700000000 | date('iso_sec')", "2023-11-14T22:13:20Z"),
        ("'2024-01-01' | timestamp(timeZone='Europe/Paris')", "1704063600"),
        ("'2024-01-01T00:00:00.123456789Z' | timestampNano", "1704067200123456789"),
        ("'2024-01-01T00:00:00.123456789Z' | timestampMicro", "1704067200000123456"),
        ("'2024-03-31T02:30:00' | date(timeZone='Europe/Paris')",
         "2024-03-31T03:30:00.000000+02:00"),
        ("'01/02/2024 03:04 PM' | date('iso_sec', existingFormat='dd/MM/yyyy hh:mm a')",
         "2024-02-01T15:04:00Z"),
        ("'20240102' | date('iso_local_date', existingFormat='yyyyMMdd')", "2024-01-02"),
        ("'2024-060' | date('iso_local_date', existingFormat='yyyy-DDD')", "2024-02-29"),
        ("'2024-01-02 03:04:05 +0200' | timestamp(existingFormat='yyyy-MM-dd HH:mm:ss Z')",
         "1704157445"),
        ("'2 janv. 24' | date('iso_local_date', existingFormat='d MMM yy', locale='fr')",
         "2024-01-02"),
        ("'2024-01-31' | dateAdd(1, 'MONTHS', 'iso_local_date')", "2024-02-29"),
        ("'2024-01-31' | dateAdd(amount=-2, unit='WEEKS', format='iso_local_date')", "2024-01-17"),
        ("'2024-01-31' | dateAdd(5, 'NANOS', 'n')", "5"),
        ("'2024-01-31' | dateAdd(1, 'HALF_DAYS', 'H')", "12"),
        ("null | date", ""),
        ("now('yyyy-MM-dd', 'Asia/Tokyo') | length", "10"),
    ],
)  # fmt: skip
def test_the_expression_gives(render, expression, expected):
    assert render(f"{{{{ {expression} }}}}") == expected


def test_a_date_value_prints_with_only_the_digits_it_needs(render):
    moment = datetime(2024, 5, 6, 7, 8, 9, 120_000, UTC)

    assert render("{{ d }} {{ [d] }} {{ d | timestamp }}", d=moment) == (
        '2024-05-06T07:08:09.120Z ["2024-05-06T07:08:09.120Z"] 1714979289'
    )
    assert render("{{ d }}", d=moment.replace(microsecond=0)) == "2024-05-06T07:08:09Z"


@pytest.mark.parametrize(
    "expression",
    [
        "'tomorrow' | date", "'2024-02-30' | date", "true | date", "'1700000000' | date",
        "0 | date('bad l')", "0 | date(\"'x\")", "0 | date('ddd')", "0 | date('{')", "0 | date(5)",
        "0 | date(timeZone='Mars/Base')", "0 | date(timeZone='../../etc/passwd')",
        "0 | date(timeZone='+19:00')", "99999999999999 | date", "0 | dateAdd(1, 'days')",
        "0 | dateAdd('1', 'DAYS')", "0 | dateAdd(1)", "0 | dateAdd(99999999999, 'YEARS')",
        "'x' | date(existingFormat='yyyy')", "'2024' | date(existingFormat='yyyy')",
        "'13 PM' | date(existingFormat='hh a')",
    ],
)  # fmt: skip
def test_the_expression_fails(render, expression):
    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}")
