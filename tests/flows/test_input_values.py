"""Values of each type of input, and their bounds."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from flows.input_values import convert, typed_value
from flows.schema import AnyInput

_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyInput)


@pytest.mark.parametrize(
    ("type_name", "given", "value"),
    [
        ("STRING", 3, "3"),
        ("STRING", True, "true"),
        ("STRING", {"a": 1}, '{"a":1}'),
        ("INT", 3.0, 3),
        ("INT", "-12", -12),
        ("FLOAT", "1e3", 1000.0),
        ("BOOLEAN", "TRUE", True),
        ("BOOL", False, False),
        ("DATETIME", "2024-01-31T10:00:00+02:00", "2024-01-31T08:00:00Z"),
        ("DATETIME", "2024-01-31T10:00:00.123456789Z", "2024-01-31T10:00:00.123456Z"),
        ("DATETIME", "2024-01-31T10:00:00.120Z", "2024-01-31T10:00:00.120Z"),
        ("DATE", "2024-01-31", "2024-01-31"),
        ("TIME", "10:15", "10:15:00"),
        ("DURATION", "P1D", "PT24H"),
        ("DURATION", "pt5m6s", "PT5M6S"),
        ("JSON", "[1, null]", [1, None]),
        ("YAML", "a: [1]\nb: yes", {"a": [1], "b": "yes"}),
        ("URI", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("URI", "kestra:///a/b", "kestra:///a/b"),
        ("EMAIL", " a@b.example ", "a@b.example"),
        ("MULTISELECT", '["a", "b"]', ["a", "b"]),
        ("ARRAY", "- 1\n- 2", [1, 2]),
        ("ARRAY", [1, "x"], [1, "x"]),
    ],
)
def test_values_that_fit(type_name: str, given: Any, value: Any) -> None:
    assert convert(type_name, given) == value


@pytest.mark.parametrize(
    ("type_name", "given"),
    [
        ("INT", "1.5"),
        ("INT", 1.5),
        ("INT", True),
        ("INT", str(2**63)),
        ("FLOAT", "nan"),
        ("FLOAT", True),
        ("FLOAT", "x"),
        ("BOOLEAN", "yes"),
        ("DATETIME", "yesterday"),
        ("DATE", "2024-13-01"),
        ("TIME", "25:00"),
        ("TIME", "10:00:00+01:00"),
        ("DURATION", "5 minutes"),
        ("JSON", "{a: 1}"),
        ("YAML", "a: ["),
        ("URI", "no scheme"),
        ("URI", "http:// space"),
        ("URI", "https:"),
        ("EMAIL", "a@b"),
        ("MULTISELECT", "a"),
        ("ARRAY", '{"a": 1}'),
        ("FILE", "file:///etc/passwd"),
    ],
)
def test_values_that_do_not_fit(type_name: str, given: Any) -> None:
    with pytest.raises(ValueError, match="it must be"):
        convert(type_name, given)


@pytest.mark.parametrize(
    ("declared", "good", "bad"),
    [
        ({"type": "STRING", "validator": r"A\d+"}, "A1", "A1b"),
        ({"type": "INT", "min": 10, "max": 20}, 10, 21),
        ({"type": "FLOAT", "min": 0.1}, 0.1, 0.05),
        ({"type": "DURATION", "min": "PT10S", "max": "PT20S"}, "PT20S", "PT9S"),
        (
            {"type": "DATE", "after": "2023-01-01", "before": "2023-12-31"},
            "2023-12-31",
            "2024-01-01",
        ),
        ({"type": "TIME", "after": "01:00:00"}, "01:00:00", "00:59:59"),
        (
            {"type": "DATETIME", "after": "2023-01-01T00:00:00Z"},
            "2023-01-01T01:00:00+01:00",
            "2022-12-31T23:59:59Z",
        ),
        ({"type": "ARRAY", "itemType": "INT"}, "[1]", '["x"]'),
    ],
)
def test_bounds_hold(declared: dict[str, Any], good: Any, bad: Any) -> None:
    item = _ADAPTER.validate_python({"id": "a", **declared})

    assert typed_value(item, good) is not None
    with pytest.raises(ValueError, match="must"):
        typed_value(item, bad)


def test_a_pattern_that_never_ends_is_stopped() -> None:
    item = _ADAPTER.validate_python({"id": "a", "type": "STRING", "validator": "(a|a)*b"})

    with pytest.raises(ValueError, match=r"too long|must match"):
        typed_value(item, "a" * 40)


@pytest.mark.parametrize(
    "declared",
    [
        {"type": "STRING", "validator": "("},
        {"type": "SELECT"},
        {"type": "ARRAY"},
        {"type": "INT", "validator": "x"},
    ],
)
def test_declarations_that_make_no_sense_are_refused(declared: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        _ADAPTER.validate_python({"id": "a", **declared})
