"""The engine's interface: typed renders, nested values, lazy scopes, facts, the cache."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from expressions.cache import TemplateCache
from expressions.engine import ExpressionEngine
from expressions.errors import ExpressionError
from expressions.evaluate_lines import evaluate_lines
from expressions.template import CompiledTemplate


class LazyMap(Mapping[str, Any]):
    """Notes which keys were asked for."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self.asked: list[str] = []

    def __getitem__(self, key: str) -> Any:
        self.asked.append(key)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ n }}", 3), ("{{ n * 1.5 }}", 4.5), ("{{ l }}", [1, None]), ("{{ none }}", None),
        ("{{ n == 3 }}", True), ("plain", "plain"), ("a {{ n }}", "a 3"), ("{{ n }}{{ n }}", "33"),
        ("{{ n }}{# note #}", 3), ("{% if true %}{{ n }}{% endif %}", "3"), ("{{ m }}", {"a": 1}),
        ("{{ ['x', m] }}", ["x", {"a": 1}]), ("", ""), ("{% raw %}{{ n }}{% endraw %}", "{{ n }}"),
    ],
)  # fmt: skip
def test_a_typed_render_keeps_the_value_of_one_expression(engine, template, expected):
    scope = {"n": 3, "l": [1, None], "m": LazyMap({"a": 1})}

    value = engine.render_typed(template, scope)

    assert (value, type(value)) == (expected, type(expected))


def test_nested_values_are_rendered_with_their_keys(engine):
    value = {"{{ k }}": ["{{ n }}", 1, None, {"a": True, "b": "{{ n }}!"}], "z": 1.5}
    scope = {"k": "key", "n": 3}

    as_text = engine.render_value(value, scope)
    typed = engine.render_value(value, scope, typed=True)

    assert as_text == {"key": ["3", 1, None, {"a": True, "b": "3!"}], "z": 1.5}
    assert list(as_text) == ["key", "z"]
    assert typed == {"key": [3, 1, None, {"a": True, "b": "3!"}], "z": 1.5}


def test_only_the_keys_that_are_needed_are_asked_of_a_lazy_map(engine):
    outputs = LazyMap({"a": LazyMap({"v": 1}), "b": 2})

    assert (
        engine.render("{{ outputs.a.v }}{{ outputs.c ?? '' }}", LazyMap({"outputs": outputs}))
        == "1"
    )
    assert outputs.asked == ["a", "c"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("m", '{"a":1,"b":[2]}'), ("m ~ ''", "{a=1, b=[2]}"), ("m | keys", '["a","b"]'),
        ("m | length", "2"), ("m contains 'a'", "true"), ("m | merge({'c': 3}) | length", "3"),
        ("m | yaml", "a: 1\nb:\n - 2\n"), ("m | jq('.a') | first", "1"), ("m is map", "true"),
        ("m == {'a': 1, 'b': [2]}", "true"), ("m | toIon", "{a:1,b:[2]}"),
    ],
)  # fmt: skip
def test_a_lazy_map_is_as_good_as_any(engine, expression, expected):
    scope = LazyMap({"m": LazyMap({"a": 1, "b": (2,)})})

    assert engine.render(f"{{{{ {expression} }}}}", scope) == expected


def test_the_servers_map_is_seen_as_globals(engine):
    configured = ExpressionEngine(globals_={"region": "eu"}, time_zone="Asia/Tokyo")

    assert configured.render("{{ globals.region }} {{ now('XXX') }}", {}) == "eu +09:00"
    assert configured.render("{{ globals }}", {"globals": 1}) == "1"


def test_facts_are_known_before_the_render(engine):
    template = engine.compile("{{ outputs.a.v }}{{ outputs['b-c'] }}{{ now() | upper }}{{ kv(x) }}")

    assert template.names == {"outputs", "x"}
    assert template.functions == {"now", "kv"}
    assert template.filters == {"upper"}
    assert template.output_references == {"a", "b-c"}
    assert (template.is_literal, template.is_pure) == (False, False)


@pytest.mark.parametrize("expression", ["outputs", "outputs[x].y", "render(x)", "printContext()"])
def test_which_outputs_are_read_may_be_unknown(engine, expression):
    assert engine.compile(f"{{{{ {expression} }}}}").output_references is None


@pytest.mark.parametrize(
    ("template", "is_pure"),
    [
        ("plain", True), ("{{ inputs.x | upper }}", True), ("{{ x | split(',') }}", True),
        ("{{ x | replace({'a': 'b'}) }}", True), ("{{ x | date('yyyy') }}", True),
        ("{{ x | split('a+') }}", False), ("{{ x | split(y) }}", False),
        ("{{ x | replace({'a': 'b'}, regexp=true) }}", False), ("{{ x | jq('.') }}", False),
        ("{{ secret('x') }}", False), ("{{ render(x) }}", False),
        ("{% for i in x %}{% endfor %}", False),
    ],
)  # fmt: skip
def test_purity_is_known_before_the_render(engine, template, is_pure):
    assert engine.compile(template).is_pure is is_pure


def test_a_text_is_compiled_once(engine):
    assert engine.compile("{{ once }}") is engine.compile("{{ once }}")


def test_the_cache_stays_within_its_bounds_and_keeps_what_is_used():
    cache = TemplateCache(entries=10, characters=1_000)
    used = CompiledTemplate("used")
    cache.put(used)
    for index in range(100):
        cache.put(CompiledTemplate(f"text {index}"))
        assert cache.get("used") is used

    assert len(cache) <= 11
    cache.put(CompiledTemplate("x" * 900))
    cache.put(CompiledTemplate("y" * 900))
    assert cache.get("used") is None


def test_lines_get_an_answer_each_and_never_a_traceback():
    lines = [
        json.dumps({"id": "a", "template": "{{ n }}", "context": {"n": 1}}),
        "not json", "", "[]", json.dumps({"id": "b"}),
        json.dumps({"id": "c", "template": "{{ ghost }}"}),
        json.dumps({"id": "d", "template": "{{ n }}", "context": {"n": [1]}, "typed": True}),
        json.dumps({"id": "e", "template": "x", "context": []}),
        json.dumps({"id": "f", "template": "{{ kv('k') }}", "context": {"flow": {"namespace": "n"}},
                    "fixtures": {"kv": {"n": {"k": 5}}}}),
        json.dumps({"id": "g", "template": "{{ 1", "context": 5}),
    ]  # fmt: skip

    answers = [json.loads(line) for line in evaluate_lines(lines)]

    results = [(answer["id"], answer.get("result")) for answer in answers]
    assert results == [
        ("a", "1"), (None, None), (None, None), ("b", None), ("c", None), ("d", [1]), ("e", "x"),
        ("f", "5"), ("g", None),
    ]  # fmt: skip
    assert all(("result" in answer) != ("error" in answer) for answer in answers)


def test_messages_show_kinds_not_values(engine):
    with pytest.raises(ExpressionError) as caught:
        engine.render("{{ v | sha256 }}", {"v": {"password": "hunter22"}})

    assert "hunter22" not in caught.value.message
    assert "a map" in caught.value.message
