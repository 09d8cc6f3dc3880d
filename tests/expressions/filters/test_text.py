"""Filters on text."""

import pytest

from expressions.errors import ExpressionError


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'abcdef' | abbreviate(6)", "abc..."), ("'abcdef' | abbreviate(7)", "abcdef"),
        ("'abcd' | abbreviate(2)", "ab"), ("'abc' | abbreviate(1)", "abc"),
        ("'  hello WORLD' | capitalize", "  Hello WORLD"), ("'a bC\td' | title", "A BC\tD"),
        ("[1, 'a'] | upper", "[1, A]"), ("' a \n' | trim", "a"),
        ("'a.b.c' | substringBeforeLast('.')", "a.b"), ("'a.b.c' | substringAfterLast('.')", "c"),
        ("'Ünï  cödé & x!' | slugify", "uni-code-x"), ("'--a--' | slugify", "a"),
        ("'a,b,,' | split(',')", '["a","b"]'), ("'a,b,,' | split(',', -1)", '["a","b","",""]'),
        ("'a,b,c' | split(',', 2)", '["a","b,c"]'), ("'' | split(',')", '[""]'),
        ("',' | split(',')", "[]"), ("',a' | split(',')", '["","a"]'),
        ("'a.b' | split('.')", "[]"), (r"'a.b' | split('\.')", '["a","b"]'),
        ("'abc' | split('', -1)", '["a","b","c",""]'), (r"'a.b' | split('\Q.\E')", '["a","b"]'),
        ("'a1b22' | split('[0-9]+', -1)", '["a","b",""]'),
        (r"'John Smith' | replace({'(\w+) (\w+)': '$2 $1'}, regexp=true)", "Smith John"),
        ("'abc' | replace({'(?<x>b)': '[${x}]'}, true)", "a[b]c"),
        (r"'a' | replace({'a': '\$'}, true)", "$"), ("'a' | replace({'(a)': '$12'}, true)", "a2"),
        ("['a-b', 1, null] | replace({'-': '_'})", '["a_b","1",null]'),
        ("'aab' | replace({'a': 'b', 'b': 'c'})", "ccc"), ("5 | replace({'5': '6'})", "6"),
        ("'a\nb' | indent(2)", "a\n  b"), ("'a\r\nb' | nindent(1, '-')", "\r\n-a\r\n-b"),
        ("'a' | nindent(2)", "\n  a"), ("'' | nindent(2)", ""),
        ("\"it's\" | escapeChar('SHELL')", r"it'\''s"),
        ("['\"'] | escapeChar('double')", r'["\\\""]'),
        ("null | upper", ""), ("'abc' | startsWith(value='ab')", "true"),
    ],
)  # fmt: skip
def test_the_filter_gives(render, expression, expected):
    assert render(f"{{{{ {expression} }}}}") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "5 | abbreviate(2)", "'ab' | abbreviate", "'ab' | abbreviate(-1)", "5 | capitalize",
        "5 | trim", "null | startsWith('a')", "'a' | endsWith", "'a' | split", "'a' | indent",
        "'a' | indent('x')", "'a' | indent(-1)", "'a' | escapeChar('zip')",
        "5 | escapeChar('single')", "'a' | replace", "'a' | replace('b')",
        "'a' | replace({'(': ''}, true)", "'a' | replace({'a': '$3'}, true)",
        "'a' | replace({'a': 'b'}, regexp='yes')", "'a' | lower(1)", "'a' | split(',', limt=1)",
        "'a' | split(',', delimiter=',')",
    ],
)  # fmt: skip
def test_the_filter_fails(render, expression):
    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}")
