"""From a source to a document: what is read, and what is reported with its place."""

import os
from pathlib import Path

import pytest

from common.errors import Invalid, Violation
from common.yaml import split_documents
from flows.parsing import compile_source, identity_of, parse_flow, parse_flows
from flows.schema import ExecutionAssertion, Label, MaxDuration
from plugins.contracts.task import Task
from tests.flows.sources import LOG, SEQUENTIAL, flow

FOLDER = Path(
    os.environ.get("CONFORMANCE_DIR")
    or Path(__file__).resolve().parents[3] / "shared" / "conformance"
)


def faults(source: str) -> list[Violation]:
    with pytest.raises(Invalid) as caught:
        parse_flow(source)
    return list(caught.value.violations)


def test_a_flow_is_read_with_all_its_parts() -> None:
    source = flow(
        more=(
            "description: a **flow**\nlabels: {team: data, count: 3, hot: true}\n"
            "variables: {a: 1}\nconcurrency: {limit: 2}\ndisabled: true\n"
            "outputs:\n  - {id: o, type: STRING, value: x}\n"
            "sla:\n  - {id: s, type: MAX_DURATION, duration: PT1M, behavior: FAIL}\n"
            "  - {id: s, type: EXECUTION_ASSERTION, assert: '{{ true }}', behavior: NONE}\n"
            "retry: {type: constant, interval: PT1S, maxAttempt: 2}\n"
            "checks:\n  - {when: '{{ true }}', message: no}\n"
        )
    )

    document = parse_flow(source).document

    assert (document.id, document.namespace, document.disabled) == ("hello", "company.team", True)
    assert document.labels == (
        Label(key="team", value="data"),
        Label(key="count", value="3"),
        Label(key="hot", value="true"),
    )
    assert document.concurrency is not None
    assert document.concurrency.behavior == "QUEUE"
    assert [type(item) for item in document.sla] == [MaxDuration, ExecutionAssertion]
    assert document.retry is not None
    assert document.retry.attempts_allowed == 2
    assert document.checks[0].expression == "{{ true }}"


def test_labels_may_be_a_list_and_the_first_of_equal_keys_wins() -> None:
    labels = "labels:\n  - {key: a, value: 1}\n  - {key: b, value: x}\n  - {key: a, value: 2}\n"

    document = parse_flow(flow(more=labels)).document

    assert [str(label) for label in document.labels] == ["a:1", "b:x", "a:2"]
    assert document.labels_map == {"a": "1", "b": "x"}


def test_tasks_are_found_at_any_depth_with_their_place() -> None:
    source = f"""
id: a
namespace: b
tasks:
  - id: outer
    type: {SEQUENTIAL}
    tasks:
      - id: inner
        type: {LOG}
        message: x
    errors:
      - id: rescue
        type: {LOG}
        message: x
errors:
  - id: last
    type: {LOG}
    message: x
"""
    document = parse_flow(source).document

    assert [task.id for task in document.all_tasks()] == ["outer", "inner", "rescue", "last"]
    inner, rescue = document.find_path("inner"), document.find_path("rescue")
    assert inner is not None
    assert (inner.path, inner.parents, inner.is_error) == ("tasks[0].tasks[0]", ("outer",), False)
    assert rescue is not None
    assert rescue.is_error
    assert isinstance(document.task_by_id("last"), Task)
    assert document.task_by_id("nobody") is None


def test_every_fault_is_reported_with_its_place() -> None:
    source = (
        "id: a b\nnamespace: Company\ntasks:\n"
        f"  - id: greet\n    type: {LOG}\n    mesage: hi\n"
        "  - id: other\n    type: io.kestra.plugin.core.log.Logg\n"
        "colour: red\n"
    )

    found = {(item.path, item.line, item.column) for item in faults(source)}

    assert found == {
        ("id", 1, 1),
        ("namespace", 2, 1),
        ("tasks[0].message", 4, 5),
        ("tasks[0].mesage", 6, 5),
        ("tasks[1].type", 8, 5),
        ("colour", 9, 1),
    }


def test_near_names_are_offered() -> None:
    messages = " ".join(
        item.message for item in faults(flow(more="lables: {a: b}\ninputs: [{id: a, type: STRNG}]"))
    )

    assert "'labels'" in messages
    assert "did you mean STRING?" in messages


@pytest.mark.parametrize("source", ["", "- a\n- b\n", "just text"])
def test_what_is_no_map_is_no_flow(source: str) -> None:
    assert "a flow is a map" in faults(source)[0].message


def test_a_flow_needs_tasks() -> None:
    assert [item.path for item in faults("id: a\nnamespace: b\ntasks: []\n")] == ["tasks"]
    assert [item.path for item in faults("id: a\nnamespace: b\n")] == ["tasks"]


def test_numbers_as_ids_are_their_text() -> None:
    assert parse_flow("id: 12\n" + flow()[len("id: hello\n") :]).document.id == "12"


def test_empty_sections_are_as_good_as_none() -> None:
    document = parse_flow(flow(more="inputs:\nlabels:\ntriggers:\nvariables:\n")).document

    assert (document.inputs, document.labels, document.triggers) == ((), (), ())


def test_several_documents_are_read_in_their_order() -> None:
    parsed = parse_flows(f"{flow('a')}---\n{flow('b')}")

    assert [item.document.id for item in parsed] == ["a", "b"]
    assert parsed[1].source == flow("b")


def test_identity_is_read_from_sources_that_are_otherwise_wrong() -> None:
    assert identity_of("id: a\nnamespace: b.c\nnonsense: 1\n") == ("b.c", "a")
    assert identity_of("id: [") == (None, None)
    assert identity_of("- a") == (None, None)


def test_a_compiled_source_carries_tenant_and_revision() -> None:
    document = compile_source(flow(more="revision: 2\n"), tenant="main", revision=7)

    assert (document.tenant_id, document.revision) == ("main", 7)


def test_a_flow_of_a_thousand_tasks_is_read() -> None:
    tasks = "".join(
        f"  - id: t{n}\n    type: {LOG}\n    message: '{{{{ execution.id }}}}'\n"
        for n in range(1000)
    )

    assert len(parse_flow(f"id: a\nnamespace: b\ntasks:\n{tasks}").document.places) == 1000


@pytest.mark.skipif(not FOLDER.exists(), reason=f"no conformance flows in {FOLDER}")
def test_flows_of_the_original_hold_or_name_a_type_that_is_not_there_yet() -> None:
    wrong = []
    for path in sorted((FOLDER / "flows").glob("*.y*ml")):
        for item in split_documents(path.read_text()):
            try:
                parse_flow(item.source)
            except Invalid as error:
                wrong += [
                    f"{path.name}: {violation}"
                    for violation in error.violations
                    if not violation.path.endswith(".type")
                ]

    assert wrong == []
