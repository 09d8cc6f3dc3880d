import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenants.choices import ValueType
from tenants.errors import ValueInvalid
from tenants.limits import MAX_VALUE_BYTES
from tenants.values import parse_body, value_of


@pytest.mark.parametrize(
    ("body", "value_type", "text"),
    [
        ('"hello"', "STRING", '"hello"'),
        ("hello", "STRING", '"hello"'),
        ('""', "STRING", '""'),
        ("1", "NUMBER", "1"),
        ("1.5", "NUMBER", "1.5"),
        ("-0.25e3", "NUMBER", "-250.0"),
        ("123456789012345678901234567890", "NUMBER", "123456789012345678901234567890"),
        ("true", "BOOLEAN", "true"),
        ("false", "BOOLEAN", "false"),
        ("2022-05-01", "DATE", '"2022-05-01"'),
        ("2022-05-01T03:02:01Z", "DATETIME", '"2022-05-01T03:02:01Z"'),
        ("2022-05-01T03:02:01.123+02:00", "DATETIME", '"2022-05-01T03:02:01.123+02:00"'),
        ("P3DT3H2M1S", "DURATION", '"P3DT3H2M1S"'),
        ("PT0.5S", "DURATION", '"PT0.5S"'),
        ('"2022-05-01"', "STRING", '"2022-05-01"'),
        ('"PT5S"', "STRING", '"PT5S"'),
        ('{"b": 1, "a": [null, true]}', "JSON", '{"b":1,"a":[null,true]}'),
        ("[1, 2]", "JSON", "[1,2]"),
        ("{b: 1.50, a: [x, 2020-01-01T]}", "JSON", '{"b":1.5,"a":["x","2020-01-01T00:00:00"]}'),
        (' \n {"a": 1}\n', "JSON", '{"a":1}'),
        ('{"n": 123456789012345678901}', "JSON", '{"n":123456789012345678901}'),
        ('"a\\u0000b"', "STRING", '"a\\u0000b"'),
    ],
)
def test_a_body_is_read_as_json_or_bare_ion(body: str, value_type: str, text: str) -> None:
    stored = parse_body(body.encode())

    assert (stored.type, stored.text) == (value_type, text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  ",
        b"null",
        b"hello world",
        b'{"a": 1,,}',
        b"{{aGk=}}",
        b"nan",
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b"\xff\xfe",
        b"2022-13-01",
        b'"' + b"x" * MAX_VALUE_BYTES + b'"',
    ],
)
def test_what_a_key_cannot_hold_is_refused(body: bytes) -> None:
    with pytest.raises(ValueInvalid):
        parse_body(body)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("2022-05-01", date(2022, 5, 1)),
        ("2022-05-01T03:02:01Z", datetime(2022, 5, 1, 3, 2, 1, tzinfo=UTC)),
        ("2022-05-01T03:02:01", datetime(2022, 5, 1, 3, 2, 1, tzinfo=UTC)),
        ("P1DT1S", timedelta(days=1, seconds=1)),
        ("12345678901234567890123", 12345678901234567890123),
        ('{"a": 1}', {"a": 1}),
        ("hello", "hello"),
    ],
)
def test_a_value_comes_back_as_python(body: str, value: Any) -> None:
    assert parse_body(body.encode()).value == value


@pytest.mark.parametrize(
    ("value", "value_type"),
    [
        ("a", ValueType.STRING),
        (True, ValueType.BOOLEAN),
        (1, ValueType.NUMBER),
        (Decimal("1.10"), ValueType.NUMBER),
        (date(2022, 5, 1), ValueType.DATE),
        (datetime(2022, 5, 1, tzinfo=UTC), ValueType.DATETIME),
        (timedelta(seconds=5), ValueType.DURATION),
        ({"a": [1]}, ValueType.JSON),
        ([1], ValueType.JSON),
    ],
)
def test_pythons_types_decide_when_none_is_asked_for(value: Any, value_type: ValueType) -> None:
    stored = value_of(value)

    assert stored.type == value_type
    assert json.loads(stored.text) is not None


@pytest.mark.parametrize(
    ("value", "value_type", "text"),
    [
        ("12", ValueType.NUMBER, "12"),
        ("true", ValueType.BOOLEAN, "true"),
        ("2022-05-01", ValueType.DATE, '"2022-05-01"'),
        ("2022-05-01T00:00:00Z", ValueType.DATETIME, '"2022-05-01T00:00:00Z"'),
        ("PT5S", ValueType.DURATION, '"PT5S"'),
        ('{"a":1}', ValueType.JSON, '{"a":1}'),
        (12, ValueType.STRING, '"12"'),
        (timedelta(seconds=5), ValueType.STRING, '"PT5S"'),
    ],
)
def test_a_text_is_stored_as_the_type_that_is_asked_for(
    value: Any, value_type: ValueType, text: str
) -> None:
    stored = value_of(value, value_type)

    assert (stored.type, stored.text) == (value_type, text)


@pytest.mark.parametrize(
    ("value", "value_type"),
    [
        ("twelve", ValueType.NUMBER),
        ("1", ValueType.BOOLEAN),
        ("yesterday", ValueType.DATE),
        ("yesterday", ValueType.DATETIME),
        ("5 seconds", ValueType.DURATION),
        ("{", ValueType.JSON),
        (12, ValueType.DATE),
        (None, ValueType.NUMBER),
        (float("nan"), None),
        (object(), None),
    ],
)
def test_a_value_that_is_not_of_its_type_is_refused(
    value: Any, value_type: ValueType | None
) -> None:
    with pytest.raises(ValueInvalid):
        value_of(value, value_type)
