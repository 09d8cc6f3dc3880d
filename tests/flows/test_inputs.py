"""The inputs of an execution: defaults, conditions, what is missing, files and secrets."""

from collections.abc import Mapping
from typing import Any

import pytest

from common.errors import Invalid
from expressions.engine import ExpressionEngine
from flows.inputs import resolve_inputs, type_inputs
from flows.parsing import parse_flow
from flows.schema import FlowDocument, Input
from tests.flows.sources import flow

_engine = ExpressionEngine()


def render(value: Any, variables: Mapping[str, Any]) -> Any:
    return _engine.render_value(value, variables, typed=True)


def declared(inputs: str) -> FlowDocument:
    return parse_flow(flow(more=f"inputs:\n{inputs}")).document


def typed(document: FlowDocument, given: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return type_inputs(document, given, render=render, **more)


def messages(document: FlowDocument, given: Mapping[str, Any], **more: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        typed(document, given, **more)
    return [violation.message for violation in caught.value.violations]


def test_texts_become_values_of_their_types() -> None:
    document = declared(
        "  - {id: n, type: INT}\n  - {id: f, type: FLOAT}\n  - {id: b, type: BOOLEAN}\n"
        "  - {id: j, type: JSON}\n  - {id: l, type: ARRAY, itemType: INT}\n"
    )

    values = typed(document, {"n": "42", "f": "4.2", "b": "false", "j": '{"a":1}', "l": "[1, 2]"})

    assert values == {"n": 42, "f": 4.2, "b": False, "j": {"a": 1}, "l": [1, 2]}


def test_an_optional_input_without_a_value_is_there_as_null() -> None:
    document = declared("  - {id: a, type: STRING, required: false}\n")

    assert typed(document, {}) == {"a": None}


def test_a_missing_required_input_is_named() -> None:
    document = declared("  - {id: a, type: STRING}\n  - {id: b, type: INT}\n")

    assert messages(document, {"b": ""}) == [
        "Invalid input for `a`, missing required input",
        "Invalid input for `b`, missing required input",
    ]


def test_an_empty_text_is_a_value_of_a_text_input() -> None:
    document = declared("  - {id: a, type: STRING}\n  - {id: b, type: STRING, defaults: ''}\n")

    assert typed(document, {"a": ""}) == {"a": "", "b": ""}


def test_defaults_are_rendered_and_typed() -> None:
    document = declared(
        "  - {id: b, type: INT, defaults: '{{ inputs.a * 2 }}', dependsOn: {inputs: [a]}}\n"
        "  - {id: a, type: INT, defaults: 21}\n"
        "  - {id: y, type: YAML, defaults: {list: [1]}}\n"
    )

    assert typed(document, {}) == {"b": 42, "a": 21, "y": {"list": [1]}}


def test_a_default_that_cannot_be_rendered_is_reported() -> None:
    document = declared("  - {id: a, type: STRING, defaults: '{{ nothing }}'}\n")

    [message] = messages(document, {})

    assert message.startswith("Invalid input for `a`, it cannot be rendered")


def test_what_is_given_wins_over_the_default() -> None:
    document = declared("  - {id: a, type: STRING, defaults: x}\n")

    assert typed(document, {"a": "y"}) == {"a": "y"}


def test_dots_in_an_id_make_nested_maps_and_values_may_come_either_way() -> None:
    document = declared(
        "  - {id: n.text, type: STRING}\n  - {id: n.more.count, type: INT, required: false}\n"
    )
    expected = {"n": {"text": "a", "more": {"count": 1}}}

    assert typed(document, {"n.text": "a", "n.more.count": "1"}) == expected
    assert typed(document, {"n": {"text": "a", "more": {"count": 1}}}) == expected
    assert typed(document, {"n.text": "a"}) == {"n": {"text": "a", "more": {"count": None}}}


def test_an_input_whose_condition_does_not_hold_is_not_asked_for() -> None:
    document = declared(
        "  - {id: kind, type: STRING}\n"
        "  - id: size\n    type: INT\n    dependsOn:\n      inputs: [kind]\n"
        "      condition: \"{{ inputs.kind == 'vm' }}\"\n"
    )

    assert typed(document, {"kind": "app"}) == {"kind": "app"}
    assert messages(document, {"kind": "vm"}) == [
        "Invalid input for `size`, missing required input"
    ]


def test_choices_may_come_from_an_expression() -> None:
    document = declared(
        "  - {id: cloud, type: SELECT, expression: \"{{ ['AWS', 'GCP'] }}\"}\n"
        "  - {id: many, type: MULTISELECT, values: [1, 2], itemType: INT}\n"
        "  - {id: free, type: SELECT, values: [a], allowCustomValue: true}\n"
    )

    values = typed(document, {"cloud": "GCP", "many": '["2"]', "free": "other"})

    assert values == {"cloud": "GCP", "many": [2], "free": "other"}
    assert "AWS, GCP" in messages(document, {"cloud": "Azure", "many": "[1]", "free": "a"})[0]


def test_all_faults_are_reported_with_what_came_except_of_secrets() -> None:
    document = declared(
        "  - {id: n, type: INT, max: 5}\n"
        "  - {id: s, type: SECRET, validator: 'A.*'}\n"
        "  - {id: t, type: STRING, validator: 'A\\d+'}\n"
    )

    found = messages(document, {"n": "9", "s": "hunter2", "t": "B1"})

    assert found[0] == "Invalid input for `n`, it must be at most 5, but received `9`"
    assert "hunter2" not in " ".join(found)
    assert "received `B1`" in found[2]


def test_files_are_stored_only_when_all_else_holds() -> None:
    document = declared("  - {id: f, type: FILE}\n  - {id: n, type: INT}\n")
    stored: list[str] = []

    def store(item: Input, upload: Any) -> str:
        stored.append(item.id)
        return f"kestra:///{upload}"

    messages(document, {"n": "x"}, files={"f": "a.txt"}, store_file=store)
    assert stored == []

    values = typed(document, {"n": "1"}, files={"f": "a.txt"}, store_file=store)
    assert values == {"f": "kestra:///a.txt", "n": 1}


def test_a_file_may_be_refused_by_the_store_and_may_be_an_address() -> None:
    document = declared("  - {id: f, type: FILE}\n")

    def refuse(item: Input, upload: Any) -> str:
        raise ValueError("the file is empty")

    assert messages(document, {}, files={"f": b""}, store_file=refuse) == [
        "Invalid input for `f`, the file is empty"
    ]
    assert typed(document, {"f": "kestra:///x/y.txt"}) == {"f": "kestra:///x/y.txt"}
    assert "multipart" in messages(document, {"f": "/etc/passwd"})[0]


def test_secrets_are_encrypted_and_need_a_key() -> None:
    document = declared("  - {id: s, type: SECRET}\n")

    assert typed(document, {"s": "x"}, encrypt=lambda text: {"value": text[::-1]}) == {
        "s": {"value": "x"}
    }
    assert "encryption key" in messages(document, {"s": "x"})[0]


def test_resolving_tells_defaults_choices_and_what_is_not_asked_for() -> None:
    document = declared(
        "  - {id: a, type: SELECT, values: [x, y], defaults: y}\n"
        "  - id: b\n    type: STRING\n    dependsOn:\n      inputs: [a]\n"
        "      condition: \"{{ inputs.a == 'x' }}\"\n"
    )

    first, second = resolve_inputs(document, {}, render=render)

    assert (first.value, first.is_default, first.choices) == ("y", True, ("x", "y"))
    assert (second.is_enabled, second.errors) == (False, ())


def test_the_first_choice_may_be_taken_by_itself() -> None:
    document = declared("  - {id: a, type: SELECT, values: [x, y], autoSelectFirst: true}\n")

    assert typed(document, {}) == {"a": "x"}
