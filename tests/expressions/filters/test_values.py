"""Filters on lists, maps, numbers, encodings and data formats."""

import pytest

from expressions.errors import ExpressionError


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("[] | first", ""), ("'ab' | last", "b"), ("[1, [2, [3]]] | flatten", "[1,2,[3]]"),
        ("[null, 'a', 1.0] | join('-')", "null-a-1.0"), ("[1, 2] | join", "12"),
        ("{'a': 1} | merge({'a': 2})", '{"a":2}'), ("{'a': 1} | merge(['x'])", '{"a":1,"x":"x"}'),
        ("['b', 'A'] | sort", '["A","b"]'), ("[1, 2.5] | rsort", "[2.5,1]"),
        ("'abc' | slice(1)", "bc"), ("[1, 2, 3] | slice(toIndex=2)", "[1,2]"),
        ("'😀' | length", "2"), ("null | length", "0"), ("true | length", "0"),
        ("-2.5 | abs", "2.5"), ("'0x1F' | number", "31"), ("'010' | number('INT')", "8"),
        ("'1e5' | number", "100000.0"), ("'12L' | number", "12"), ("'1.5f' | number", "1.5"),
        ("'1.10' | number('BIGDECIMAL')", "1.10"), ("('1.1' | number('BIGDECIMAL')) + 1", "2.1"),
        ("'123456789012345678901' | number", "123456789012345678901"),
        ("5 | base64encode", "NQ=="), ("'~*-_. +' | urlencode", "%7E*-_.+%2B"),
        ("'x' | sha1", "11f6ad8ec52a2984abaafd7c3b516503785c2072"),
        ("'x' | sha512 | length", "128"),
        ("{'a': null, 'b': [null]} | json", '{"b":[null]}'), ("null | toJson", "null"),
        ("5 | className", "java.lang.Long"), ("[1, 2] | chunk(1)", "[[1],[2]]"),
        ("{'my-key': null, 'null': 1, 'a': 'x\"'} | toIon", "{'my-key':null,'null':1,a:\"x\\\"\"}"),
        ("100000000.0 | toIon", "1.0e8"), ("null | yaml", "null"), ("[] | yaml", "[]\n"),
        ("{'a': {'b': [1, {'c': 2, 'd': 3}]}} | yaml", "a:\n  b:\n   - 1\n   - c: 2\n     d: 3\n"),
        ("[[1, 2], [3]] | yaml", " - - 1\n   - 2\n - - 3\n"),
        ("{'a': 'x: y', 'b': 'true', 'c': '12', 'd': '- x', 'e': ''} | yaml",
         'a: "x: y"\nb: "true"\nc: "12"\nd: "- x"\ne: ""\n'),
        ("{'a': 'x\ny'} | yaml", "a: |-\n  x\n  y\n"),
        ("{'a': [1, {'b': 2}]} | jq('.a[1].b, .a[0]')", "[2,1]"), ("'[1]' | jq('.[0]')", "[1]"),
        ("null | jq('.')", ""),
    ],
)  # fmt: skip
def test_the_filter_gives(render, expression, expected):
    assert render(f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "'' | first", "{'a': 1} | first", "'a' | join", "[1, 'a'] | sort", "[[1]] | sort",
        "'abc' | slice(3)", "'abc' | slice(1, 1)", "[1] | slice(0, 2)", "[1] | merge({'a': 1})",
        "null | merge(null)", "[1] | chunk(0)", "[1] | chunk", "'a' | flatten", "[1] | values",
        "null | abs", "'08' | number", "'' | number", "5 | number", "' 1' | number",
        "'3000000000' | number('INT')", "'1' | number('WORD')", "'a' | numberFormat",
        "5 | base64decode", "'!' | base64decode", "'%zz' | urldecode", "1 | md5",
        "1 | jq('.[')", "'{' | jq('.')", "1 | jq('.a')", "1 | jq",
    ],
)  # fmt: skip
def test_the_filter_fails(render, expression):
    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}")


@pytest.mark.parametrize(
    ("number", "pattern", "expected"),
    [
        (1234.5678, None, "1,234.568"), (0.5, "#.##", "0.5"), (0.5, ".##", ".5"),
        (0, "#,###", "0"), (2.5, "0", "2"), (3.5, "0", "4"), (0.125, "0.00", "0.12"),
        (1.005, "0.00", "1.00"), (-1.5, "0.0;(0.0)", "(1.5)"), (-1234, "#,##0", "-1,234"),
        (0.256, "0.0%", "25.6%"), (5, "0 'items'", "5 items"), (12, "0''", "12'"),
        (12345, "0.###E0", "1.234E4"), (12345, "##0.##E0", "12.3E3"), (7, "000", "007"),
    ],
)  # fmt: skip
def test_a_number_is_formatted_as_java_does(render, number, pattern, expected):
    assert render("{{ n | numberFormat(p) }}", n=number, p=pattern) == expected


@pytest.mark.parametrize("pattern", ["0.0.0", "#0#", "0'", "0E", "0#x0"])
def test_a_malformed_number_format_fails(render, pattern):
    with pytest.raises(ExpressionError):
        render("{{ 1 | numberFormat(p) }}", p=pattern)
