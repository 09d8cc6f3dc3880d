"""Flow authors are not trusted with the server: limits and attempts to get out."""

import pytest

from expressions.engine import ExpressionEngine
from expressions.errors import ExpressionError, LimitReached
from expressions.limits import Limits

_SMALL = Limits(
    source_length=20_000, tokens=5_000, range_items=1_000, list_items=2_000, nodes=20_000,
    string_length=50_000, output_length=60_000, loop_turns=3_000, seconds=5, regex_seconds=0.2,
    jq_seconds=0.5, digits=300,
)  # fmt: skip
_SAYS_THE_LIMIT = "longer than|more than|deeper than|too large|too deeply|many"
_DOUBLED = "{%% set a = %s %%}{%% for i in 1..60 %%}{%% set a = %s %%}{%% endfor %%}{{ %s }}"


@pytest.fixture(scope="module")
def small() -> ExpressionEngine:
    return ExpressionEngine(limits=_SMALL)


@pytest.mark.parametrize(
    "template",
    [
        "{{ 1..1001 }}", "{{ range(0, 10000000000) }}",
        _DOUBLED % ("'aa'", "a ~ a", "1"), _DOUBLED % ("'aa'", "a + a", "1"),
        _DOUBLED % ("[1]", "a + a", "1"), _DOUBLED % ("[1]", "a | merge(a)", "1"),
        _DOUBLED % ("9", "a * a", "1"),
        *(
            _DOUBLED % ("[1]", "[a, a]", f"a {use}")
            for use in ("", "~ ''", "| yaml", "| toIon", "| json", "| jq('.')", "| upper",
                        "| replace({'a': 'b'})")
        ),
        "{% set a = [1] %}{% set b = [1] %}{% for i in 1..60 %}{% set a = [a, a] %}"
        "{% set b = [b, b] %}{% endfor %}{{ a == b }}",
        "{% for i in 1..900 %}{% for j in 1..900 %}{% endfor %}{% endfor %}",
        "{{ 'a\nb' | indent(2000000000) }}", "{{ 'aaaa' | replace({'a': long}) | length }}",
        "{{ 'aaaa' | replace({'a': long}, true) | length }}", "{{ 1..900 | join(long) }}",
        "{{ long }}{{ long }}{{ long }}", "{{ '1e999999999' | number('BIGDECIMAL') }}",
        "{{ render('{{ grow }}') }}", "{{ render(again) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% block b %}{{ block('b') }}{% endblock %}",
        "{{ [long, long, long] }}",
        "{{ backtrack | replace({'(a|aa)+$': 'x'}, true) }}",
        "{{ backtrack | split('(a|aa)+$') }}",
        "{{ 1 | jq('[recurse(. + 1)] | length') }}", "{{ 1 | jq('range(1e9)') }}",
        "{{ 1 | jq('\"a\" * 1000000') }}",
        "x" * 20_001 + "{{ 1 }}", "{{ 1" + " + 1" * 3_000 + "}}",
        "{{ yaml(bomb) }}",
    ],
)  # fmt: skip
def test_a_limit_fails_with_a_plain_message(small, template):
    scope = {
        "long": "x" * 30_000, "grow": "{{ grow }}{{ grow }}", "again": "{{ render(again) }}",
        "backtrack": "a" * 60 + "!",
        "bomb": "".join(f"{b}: &{b} [{','.join([f'*{a}' if a else 'x'] * 10)}]\n"
                        for a, b in zip(["", *"abcde"], "abcdef", strict=True)),
    }  # fmt: skip

    with pytest.raises(ExpressionError, match=_SAYS_THE_LIMIT):
        small.render(template, scope)


@pytest.mark.parametrize(
    "template",
    [
        "{{ " + "(" * 500 + "1" + ")" * 500 + " }}", "{{ " + "[" * 3_000,
        "{{ " + "-" * 500 + "1 }}",
        "{{ 1" + " == 1" * 900 + " }}", "{{ true" + " ? true : 1" * 500 + " }}",
        "{% if true %}" * 200 + "{% endif %}" * 200,
        "{% for i in [1] %}" * 30 + "{% endfor %}" * 30,
        "{{ 'a'" + " | upper" * 1_000 + " }}", "{{ fromJson(deep) }}", "{{ yaml(deep) }}",
        "{{ fromIon(deep) }}", '{{ "' + '#{"' * 300,
    ],
)  # fmt: skip
def test_what_is_nested_too_deeply_fails_as_an_ordinary_error(render, template):
    with pytest.raises(ExpressionError):
        render(template, deep="[" * 100_000)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ a" + " ?? a" * 500 + " ?? 'z' }}", "z"),
        ("{{ 1" + " + 1" * 2_000 + " }}", "2001"),
        ("{{ ('a'" + " ~ 'b'" * 2_000 + ") | length }}", "2001"),
        ("{{ true" + " and true" * 2_000 + " }}", "true"),
        ("{{ " + "(" * 90 + "1" + ")" * 90 + " }}", "1"),
        ("{% for i in [1] %}" * 19 + "x" + "{% endfor %}" * 19, "x"),
    ],
)
def test_long_chains_and_reasonable_depth_are_fine(render, template, expected):
    assert render(template) == expected


def test_a_render_ends_after_its_time():
    engine = ExpressionEngine(limits=Limits(seconds=0.05))

    with pytest.raises(LimitReached, match="longer than"):
        engine.render(
            "{% for i in 1..999 %}{% for j in 1..999 %}{{ i | upper }}{% endfor %}{% endfor %}", {}
        )


@pytest.mark.parametrize(
    "expression",
    [
        "''.__class__", "[].__class__.__mro__", "x['__class__']", "x.__dict__", "f.__globals__",
        "x.keys", "f()", "f.func", "o.secret", "o['secret']", "self", "environment", "context",
        "request", "loop", "x.items()", "x.get('a')", "'{0.__class__}'.format(x)",
        "x | attr('__class__')", "range.__self__", "cycler", "lipsum.__globals__", "namespace()",
        "joiner", "dict", "x | map('upper')", "x | format", "'' | xmlattr", "f", "o",
    ],
)  # fmt: skip
def test_nothing_of_python_is_reachable(render, expression):
    class Thing:
        secret = "out of reach"

    with pytest.raises(ExpressionError):
        render(f"{{{{ {expression} }}}}", x={"a": 1}, f=render, o=Thing())


@pytest.mark.parametrize(
    "program",
    ['import "a" as $a; 1', 'include "a"; 1', 'import "/etc/x" as $x {search: "/"}; $x', "input"],
)
def test_jq_programs_reach_no_files(render, program):
    with pytest.raises(ExpressionError):
        render("{{ 1 | jq(p) }}", p=program)


def test_jq_programs_do_not_see_the_environment(render, monkeypatch):
    monkeypatch.setenv("KESTRA_TEST_PASSWORD", "out of reach")

    assert "KESTRA" not in render("{{ 1 | jq('env, $ENV') }}")


def test_jq_works_again_after_a_program_ran_too_long(small):
    with pytest.raises(LimitReached):
        small.render("{{ 1 | jq('[recurse(. + 1)] | length') }}", {})

    assert small.render("{{ 1 | jq('. + 1') }}", {}) == "[2]"
