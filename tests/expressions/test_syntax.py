"""Text, tokens, white space control, precedence."""

import pytest

from expressions.errors import ExpressionError, UndefinedError


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("no braces at all", "no braces at all"),
        ('{ "a": 1 } }} %}', '{ "a": 1 } }} %}'),
        ("{{-1}}", "-1"),
        ("a  {{- 1 -}}  b", "a1b"),
        ("x {%- if true -%}  y  {%- endif -%}  z", "xyz"),
        ("a{# {{ ghost }}\n #}b", "ab"),
        ("a {# c -#}  b", "a b"),
        ("{% if true %}\r\nA\r\n{% endif %}\r\n", "\r\nA\r\n\r\n"),
        ("{% verbatim %}  {{ x }} {% endverbatim %}!", "{{ x }} !"),
        ("a {% raw -%} {{ x }} {%- endraw %} b", "a  {{ x }}  b"),
        ("{% raw %}a\n{{ b }}{% endraw %}", "a\n{{ b }}"),
        (r"{{ 'a\nb' }}", r"a\nb"),
        (r"""{{ 'it\'s' }} {{ "say \"x\"" }}""", """it's say "x\""""),
        ('{{ "a #{1 + 1} #{"x#{2}y"} b" }}', "a 2 x2y b"),
        ("{{ '#{x}' }}", "#{x}"),
        ("{{ {'a': {'b': 1}}}}", '{"a":{"b":1}}'),
        ("{{ ({1: 'a'})[1] }}", "a"),
        ("{{ TRUE }} {{ FALSE }} [{{ NULL }}{{ NONE }}]", "true false []"),
        ("{{ 1 + ghost ?? 2 }}", "3"),
        ("{{ 'a' + 'b' | upper }}", "aB"),
        ("{{ ghost ?? 'a' | upper }}", "A"),
        ("{{ ghost | upper ?? 'a' }}", "a"),
        ("{{ not false == false }}", "false"),
        ("{{ not ghost is defined }}", "false"),
        ("{{ 2 + 1 is odd }}", "true"),
        ("{{ false ? 1 : true ? 2 : 3 }}", "2"),
        ("{{ 1 is odd ? 'o' : 'e' }}", "o"),
        ("{{ 10 - 2 - 3 }} {{ 2 * 3 % 4 }}", "5 2"),
        ("{{ 'a' | upper == 'A' }}", "true"),
    ],
)
def test_the_template_renders_to(render, template, expected):
    assert render(template) == expected


@pytest.mark.parametrize(
    "template",
    [
        "{{ 1", "{{ 'a }}", "{# open", "{% raw %}x", "{% verbatim %}x", "{{ }}", "{{ [1,] }}",
        "{{ {1: 2,} }}", "{{ 1. }}", "{{ .5 }}", "{{ 1e5 }}", "{{ a.1 }}", "{{ a.is }}",
        "{{ [1][0] }}", "{{ {1: 2}[1] }}", "{{ a b }}", "{{ 1 in [1] }}", "{{ a && b }}",
        "{{ !a }}", "{{ 7 // 2 }}", "{{ 2 ** 3 }}", "{{ 'x' if true }}", "{{ true ? 1 }}",
        "{{ 1 is  not odd }}", "{{ f(a=1, 2) }}", "{{ f(a=1, a=2) }}", "{{ (1] }}", '{{ "#{1" }}',
        "{{ 99999999999999999999 }}", "{{ 'a' | }}", "{{ 1 is }}", "{{ @ }}",
    ],
)  # fmt: skip
def test_bad_syntax_fails_with_the_line(render, template):
    with pytest.raises(ExpressionError) as caught:
        render("\n" + template)

    assert "line 2" in caught.value.message


@pytest.mark.parametrize("tag", ["include 'x'", "import 'x'", "extends 'x'", "elif", "autoescape"])
def test_an_unknown_tag_is_named(render, tag):
    with pytest.raises(ExpressionError, match=tag.split()[0]):
        render(f"{{% {tag} %}}")


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{{ ghost }}", "ghost"),
        ("{{ here.ghost }}", "ghost"),
        ("{{ nothing.x }}", "nothing"),
        ("{{ here.inner.x.y }}", "x"),
        ("{{ items[9] }}", "9"),
        ("{{ items[-1] }}", "-1"),
        ("{{ text.x }}", "x"),
        ("{{ here[ghost] }}", "ghost"),
        ("{% if ghost %}{% endif %}", "ghost"),
        ("{{ ghost is null }}", "ghost"),
        ("{{ ghost is empty }}", "ghost"),
    ],
)
def test_the_first_undefined_name_is_in_the_message(render, template, name):
    scope = {"here": {"inner": {}}, "nothing": None, "items": [1], "text": "t"}

    with pytest.raises(UndefinedError) as caught:
        render(template, **scope)

    assert caught.value.message == (
        f"Unable to find `{name}` used in the expression `{template}` at line 1"
    )
    assert (caught.value.name, caught.value.line) == (name, 1)


def test_an_integer_subscript_on_a_map_with_text_keys_is_no_miss(render):
    with pytest.raises(ExpressionError) as caught:
        render("{{ m[1] ?? 'x' }}", m={"1": 2})

    assert not isinstance(caught.value, UndefinedError)


@pytest.mark.parametrize("name", ["filter", "function or macro", "test"])
def test_what_does_not_exist_is_named_when_it_is_reached(render, name):
    template = {
        "filter": "{{ 1 | sparkle }}",
        "function or macro": "{{ sparkle() }}",
        "test": "{{ 1 is sparkle }}",
    }[name]

    with pytest.raises(ExpressionError, match=f"{name} 'sparkle'"):
        render(template)
    assert render(f"{{{{ true ? 1 : {template[3:-3]} }}}}") == "1"
