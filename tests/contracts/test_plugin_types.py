"""What every type of the product must fulfil; a new type is picked up by itself."""

import pytest
import yaml
from pydantic import ValidationError

from plugins.contracts.nested import Kind
from plugins.contracts.task import FlowableTask, RunnableTask
from plugins.documentation import document
from plugins.registry import installed_registry, kind_of
from plugins.schema import definitions, description_of, title_of, type_schema

REGISTRY = installed_registry()
NAMES = REGISTRY.names()


@pytest.fixture(params=NAMES)
def found(request):
    return REGISTRY.get(request.param)


def test_there_are_types_of_each_kind():
    kinds = {kind_of(found) for found in REGISTRY.all()}

    assert {Kind.TASK, Kind.TRIGGER, Kind.TASK_RUNNER} <= kinds


def test_it_has_a_title_and_every_property_a_description(found):
    properties = type_schema(found)["properties"]["properties"]
    own = set(properties) - {"retry", "workerGroup", "logLevel", "logToFile"}

    assert title_of(found).endswith((".", ":"))
    if kind_of(found) is Kind.TASK:
        assert [name for name in sorted(own) if "description" not in properties[name]] == []


def test_its_module_is_the_tail_of_its_name(found):
    tail = found.type_name.removeprefix("io.kestra.plugin.").lower()
    module = found.__module__.removeprefix("plugins.")

    *folders, last = module.split(".")
    assert ".".join([*folders, last.replace("_", "")]) == tail
    assert found.__name__ == found.type_name.rpartition(".")[2]


def test_each_example_is_a_flow_whose_tasks_and_triggers_are_valid(found):
    assert found.examples
    for example in found.examples:
        flow = yaml.safe_load(example.code)
        assert {"id", "namespace", "tasks"} <= set(flow)
        for number, task in enumerate(flow["tasks"]):
            REGISTRY.parse(Kind.TASK, task, path=f"tasks[{number}]")
        for number, trigger in enumerate(flow.get("triggers", ())):
            REGISTRY.parse(Kind.TRIGGER, trigger, path=f"triggers[{number}]")
        assert found.type_name in example.code or kind_of(found) is Kind.TASK_RUNNER


def test_its_examples_use_it(found):
    assert any(found.type_name in example.code for example in found.examples)


def test_it_refuses_unknown_properties(found):
    with pytest.raises(ValidationError, match="unknown property 'noSuchProperty'"):
        found.model_validate({"type": found.type_name, "noSuchProperty": 1})


def test_a_flowable_does_nothing_and_a_runnable_steers_nothing(found):
    assert not (issubclass(found, RunnableTask) and issubclass(found, FlowableTask))


def test_what_is_inline_is_light(found):
    if getattr(found, "is_inline", False):
        assert found.is_light


def test_its_page_shows_name_title_examples_and_properties(found):
    page = document(found).markdown

    assert f'type: "{found.type_name}"' in page
    assert title_of(found) in page
    assert "## Examples" in page
    assert description_of(found) in page


def test_the_references_of_the_whole_schema_lead_somewhere():
    whole = definitions(REGISTRY)

    assert {"task", "trigger", "condition", "taskRunner", *NAMES} <= set(whole)
    assert missing_references(whole, whole) == set()


def test_the_references_of_its_schema_lead_somewhere(found):
    schema = type_schema(found)

    kinds = {kind.value for kind in Kind}
    assert missing_references(schema, schema["definitions"]) <= kinds


def missing_references(schema, known):
    if isinstance(schema, list):
        return set().union(*(missing_references(item, known) for item in schema))
    if not isinstance(schema, dict):
        return set()
    found = set().union(*(missing_references(item, known) for item in schema.values()))
    target = schema.get("$ref", "#/definitions/").removeprefix("#/definitions/")
    return found | ({target} if target and target not in known else set())
