"""Bounds of declared inputs."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from flows.input_bounds import typed_value
from flows.schema import AnyInput

_ADAPTER: TypeAdapter[Any] = TypeAdapter(AnyInput)


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
