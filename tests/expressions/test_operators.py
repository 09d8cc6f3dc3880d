"""Arithmetic, comparison, conditions, fallbacks."""

import pytest

from expressions.errors import ExpressionError


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-7 / 2", "-3"), ("-7 % 3", "-1"), ("7 / 2.0", "3.5"), ("1 / 0.0", "Infinity"),
        ("-1 / 0.0", "-Infinity"), ("0.0 / 0", "NaN"), ("1 + 1.5", "2.5"), ("2 * 3L", "6"),
        ("'a' + none", "anull"), ("1 + 'a'", "1a"), ("[1] + 'a'", "[1]a"), ("[1] + 2", "[1,2]"),
        ("[1] + [2]", "[1,2]"), ("[1, 2, 1] - 1", "[2,1]"), ("[1, 2, 3] - [1, 3]", "[2]"),
        ("'x' ~ none ~ 1.0 ~ true", "x1.0true"), ("'' ~ [1, 'a', null]", "[1, a, null]"),
        ("'' ~ {'k': null, 'l': [1]}", "{k=null, l=[1]}"), ("1 == 1.0", "true"),
        ("'1' == 1", "false"), ("1 == true", "false"), ("null == null", "true"),
        ("{'a': [1]} == {'a': [1]}", "true"), ("[1] == [2]", "false"), ("1 != 2", "true"),
        ("null < 1", "false"), ("1 >= null", "false"), ("2 <= 2", "true"),
        ("[1, 2] contains [2, 1]", "true"), ("[1] contains 2", "false"),
        ("'a1' contains 1", "true"), ("{'a': 1} contains 'a'", "true"),
        ("null contains 1", "false"), ("'c'..'e'", '["c","d","e"]'), ("3..1", "[]"),
        ("range(5, 1, -2)", "[5,3,1]"), ("null ? 1 : 2", "2"), ("'false' ? 1 : 2", "1"),
        ("0 ? 1 : 2", "2"), ("1 and 'x'", "true"), ("'' or 0", "false"), ("not 0", "true"),
        ("null ?? 1", "1"), ("'' ?? 1", ""), ("(null ??? 1) is null", "true"),
        ("ghost ??? 1", "1"), ("ghost.a[ghost].b ?? other ?? 3", "3"),
        ("ghost.a | upper | default('d')", "d"), ("' ' | default('d')", "d"),
        ("0 | default(1)", "0"), ("ghost is defined", "false"), ("null is defined", "false"),
        ("' ' is empty", "true"), ("0 is empty", "false"), ("[] is empty", "true"),
        ("{} is map", "true"), ("'a' is iterable", "false"), ("'1' is json", "true"),
        ("'NaN' is json", "false"), ("[1].size()", "1"),
    ],
)  # fmt: skip
def test_the_expression_gives(render, expression, expected):
    if expression == "[1].size()":
        expression = "([1]).size()"

    assert render(f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "1 / 0", "1 % 0", "null + 1", "'5' * 2", "true + 1", "-'a'", "+null", "{} + 1",
        "'a' < 'b'", "true < 2", "5 contains 5", "null and true", "not null", "[1] ? 1 : 2",
        "'a' is odd", "null is even", "range(1, 2, 0)", "'ab'..'c'", "1..'c'", "(1).size()",
        "{[1]: 2}", "1.5 is even",
    ],
)  # fmt: skip
def test_the_expression_fails(render, expression):
    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}")


def test_other_errors_are_not_caught_by_a_fallback(render, services):
    with pytest.raises(ExpressionError, match="NOPE"):
        render("{{ secret('NOPE') ?? 'x' }}", services)
    with pytest.raises(ExpressionError, match="ghost"):
        render("{{ render('{{ ghost }}') ?? 'x' }}")


def test_an_undefined_name_on_the_right_of_a_fallback_fails_on_purpose(render):
    with pytest.raises(ExpressionError, match="`raise`"):
        render("{{ a ?? b ?? raise }}")


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (2.0, "2.0"), (1e7, "1.0E7"), (12345678.9, "1.23456789E7"), (0.0001, "1.0E-4"),
        (0.001, "0.001"), (-1.5e-5, "-1.5E-5"), (10**20, "100000000000000000000"),
        (float("inf"), "Infinity"), ({"a": None, "b": [None, "é/"]}, '{"b":[null,"é/"]}'),
        ([1.0, 1e10], "[1.0,1.0E10]"), ((1, 2), "[1,2]"), (None, ""),
    ],
)  # fmt: skip
def test_a_value_prints_as(render, value, printed):
    assert render("{{ v }}", v=value) == printed
