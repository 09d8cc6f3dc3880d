"""What must hold between the parts of a flow."""

import pytest

from common.errors import Invalid, Violation
from flows.parsing import parse_flow
from flows.validation import expression_faults
from tests.flows.sources import LOG, SEQUENTIAL, calling, flow


def faults(source: str) -> list[Violation]:
    with pytest.raises(Invalid) as caught:
        parse_flow(source)
    return list(caught.value.violations)


def test_task_ids_are_unique_at_any_depth() -> None:
    source = flow(
        more=(
            f"  - id: outer\n    type: {SEQUENTIAL}\n    tasks:\n"
            f"      - id: greet\n        type: {LOG}\n        message: x\n"
        )
    )

    [fault] = faults(source)

    assert fault.path == "tasks[1].tasks[0].id"
    assert "first at tasks[0]" in fault.message
    assert fault.line == 10


@pytest.mark.parametrize(
    ("section", "item"),
    [
        ("inputs", "{id: a, type: STRING}"),
        ("outputs", "{id: a, type: STRING, value: x}"),
    ],
)
def test_ids_within_a_section_are_unique(section: str, item: str) -> None:
    [fault] = faults(flow(more=f"{section}:\n  - {item}\n  - {item}\n"))

    assert fault.path == f"{section}[1].id"


def test_an_input_cannot_lie_inside_another() -> None:
    more = "inputs:\n  - {id: a, type: STRING}\n  - {id: a.b, type: STRING}\n"

    assert [fault.path for fault in faults(flow(more=more))] == ["inputs[1].id"]


def test_a_dependency_that_is_not_there_is_named_with_a_near_one() -> None:
    more = (
        "inputs:\n  - {id: region, type: STRING}\n"
        "  - {id: b, type: STRING, dependsOn: {inputs: [regon]}}\n"
    )

    [fault] = faults(flow(more=more))

    assert fault.path == "inputs[1].dependsOn.inputs"
    assert "'region'" in fault.message


def test_dependencies_in_a_circle_are_refused() -> None:
    more = (
        "inputs:\n  - {id: a, type: STRING, dependsOn: {inputs: [b]}}\n"
        "  - {id: b, type: STRING, dependsOn: {inputs: [a]}}\n"
    )

    [fault] = faults(flow(more=more))

    assert "circle" in fault.message


def test_a_flow_that_calls_itself_is_refused() -> None:
    [fault] = faults(calling("loop", "loop"))

    assert fault.path == "tasks[0]"
    assert parse_flow(calling("loop", "other")).document.id == "loop"


@pytest.mark.parametrize(
    ("flow_id", "namespace", "path"),
    [("by-ids", "a", "id"), ("a", "search", "namespace"), ("a", "import", "namespace")],
)
def test_words_of_addresses_are_reserved(flow_id: str, namespace: str, path: str) -> None:
    assert [fault.path for fault in faults(flow(flow_id, namespace))] == [path]


def test_expressions_that_cannot_be_read_are_reported_where_they_stand() -> None:
    [fault] = faults(flow(more="variables:\n  good: '{{ a }}'\n  bad: '{{ a + }}'\n"))

    assert (fault.path, fault.line) == ("variables.bad", 9)


def test_expressions_are_looked_at_even_if_other_things_are_wrong() -> None:
    paths = {fault.path for fault in faults(flow(more="colour: '{{ a | }}'\n"))}

    assert paths == {"colour"}
    assert len(faults(flow(more="colour: '{{ a | }}'\n"))) == 2


def test_texts_for_readers_are_not_expressions() -> None:
    assert list(expression_faults({"description": "{{ not one", "displayName": "{{ nor"})) == []


def test_deprecated_things_are_warned_of() -> None:
    source = (
        "id: a\nnamespace: b\ninputs:\n  - {name: old, type: STRING}\ntasks:\n"
        "  - {id: t, type: io.kestra.plugin.core.debug.Echo, format: x}\n"
        "taskDefaults:\n  - {type: x, values: {}}\n"
    )

    findings = parse_flow(source).warnings

    assert {(item.path, item.is_deprecation) for item in findings} == {
        ("taskDefaults", True),
        ("inputs[0].name", True),
        ("tasks[0]", True),
    }


def test_older_names_of_types_are_warned_of_with_the_present_name() -> None:
    source = flow().replace(LOG, "io.kestra.core.tasks.log.Log")

    [finding] = parse_flow(source).warnings

    assert LOG in finding.message
