"""Loops, assignment, macros, blocks, filtered text."""

import pytest

from expressions.errors import ExpressionError

_LOOP = (
    "{% for x in l %}{{ loop.index }}{{ loop.length }}{{ loop.revindex }}"
    "{{ loop.first }}{{ loop.last }} {% endfor %}"
)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (_LOOP, "021truefalse 120falsetrue "),
        ("{% for e in m %}{{ e }};{{ e.key }}{{ e.value }} {% endfor %}", "a=1;a1 b=[x];b[\"x\"] "),
        ("{% for x in none %}a{% else %}b{% endfor %}", ""),
        ("{% for x in [] %}a{% else %}b{% endfor %}", "b"),
        ("{% set n = 0 %}{% for x in l %}{% set n = n + x %}{% endfor %}{{ n }}", "3"),
        ("{% for x in l %}{% set base = x %}{% endfor %}{{ base }}", "2"),
        ("{% if true %}{% set z = 5 %}{% endif %}{{ z }}", "5"),
        ("{% for x in l %}{% for y in l %}{{ x * y }}{% endfor %},{% endfor %}", "12,24,"),
        ("{% for x in l %}{{ ghost[loop.index] ?? x }}{% endfor %}{{ base }}", "120"),
        ("{{ f(1) }}{% macro f(a, b='d') %}[{{ a }}{{ b }}]{% endmacro %}{{ f(b=2) }}", "[1d][2]"),
        ("{% macro f() %}{{ base ?? 'unseen' }}{% endmacro %}{{ f() }}", "unseen"),
        ("{% macro f(a) %}{% set a = a + 1 %}{{ a }}{% endmacro %}{{ f(1) }}{{ f(1) }}", "22"),
        ("{% block b %}{{ base }}{% endblock %}{{ block('b') }}", "00"),
        ("{% filter upper | replace({'A': 'x'}) %}a{{ base }}b{% endfilter %}", "x0B"),
        ("{% if 0 %}a{% elseif '' %}b{% elseif 1 %}c{% else %}d{% endif %}", "c"),
        ("{% if 0 %}a{% else %}d{% endif %}", "d"),
    ],
)  # fmt: skip
def test_the_tags_render_to(render, template, expected):
    assert render(template, l=[1, 2], m={"a": 1, "b": ["x"]}, base=0) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{% for x in [1] %}{% set y = x %}{% endfor %}{{ y }}",
        "{% for x in [1] %}{% endfor %}{{ loop }}",
        "{% for c in 'abc' %}{% endfor %}", "{% for a, b in m %}{% endfor %}",
        "{% if null %}{% endif %}", "{% if [1] %}{% endif %}", "{% if true %}", "{% for x in l %}",
        "{% macro f(a) %}{% endmacro %}{{ f(1, 2) }}", "{% macro f(a) %}{% endmacro %}{{ f(b=2) }}",
        "{% macro f() %}{% endmacro %}{% macro f() %}{% endmacro %}", "{{ block('none') }}",
        "{% block a %}{% endblock %}{% block a %}{% endblock %}", "{% set a %}", "{% endif %}",
    ],
)  # fmt: skip
def test_the_tags_fail(render, template):
    with pytest.raises(ExpressionError):
        render(template)


def test_the_scope_that_was_given_is_not_changed(render):
    scope = {"n": 1, "items": [3, 1]}

    render("{% set n = 2 %}{{ items | sort }}{{ items | reverse }}", **scope)

    assert scope == {"n": 1, "items": [3, 1]}
