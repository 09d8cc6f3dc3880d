"""Values of each type of input."""

from typing import Any

import pytest

from flows.input_values import convert


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
