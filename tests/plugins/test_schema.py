import pytest

from plugins.contracts.nested import Kind
from plugins.documentation import document, list_packages
from plugins.registry import installed_registry
from plugins.schema import definitions, kind_schema, type_schema

SWITCH = "io.kestra.plugin.core.flow.Switch"
REQUEST = "io.kestra.plugin.core.http.Request"


@pytest.fixture(scope="module")
def registry():
    return installed_registry()


def test_properties_are_in_camel_case_with_their_description(registry):
    properties = type_schema(registry.get("io.kestra.plugin.core.flow.ForEach"))["properties"]

    limit = properties["properties"]["concurrencyLimit"]
    assert limit == {
        "default": 1,
        "description": "How many values are worked on at once; 0 means all.",
        "minimum": 0,
        "type": "integer",
    }


def test_required_properties_say_so(registry):
    schema = type_schema(registry.get(REQUEST))["properties"]

    assert schema["required"] == ["id", "type", "uri"]
    assert schema["properties"]["uri"]["$required"] is True
    assert "$required" not in schema["properties"]["method"]


def test_the_type_is_a_constant_or_one_of_its_names(registry):
    switch = type_schema(registry.get(SWITCH))["properties"]["properties"]["type"]
    for_each = type_schema(registry.get("io.kestra.plugin.core.flow.ForEach"))["properties"]

    assert switch["enum"] == [SWITCH, "io.kestra.core.tasks.flows.Switch"]
    assert for_each["properties"]["type"]["const"] == "io.kestra.plugin.core.flow.ForEach"


def test_nested_tasks_are_references(registry):
    cases = type_schema(registry.get(SWITCH))["properties"]["properties"]["cases"]

    assert cases["additionalProperties"] == {
        "items": {"$ref": "#/definitions/task"},
        "type": "array",
    }


def test_a_property_that_takes_expressions_says_so(registry):
    method = type_schema(registry.get(REQUEST))["properties"]["properties"]["method"]

    assert method["$dynamic"] is True
    assert method["anyOf"][0]["enum"][:2] == ["GET", "POST"]


def test_outputs_are_described(registry):
    outputs = type_schema(registry.get(REQUEST))["outputs"]

    assert {"uri", "code", "headers", "body", "encodedBody"} == set(outputs["properties"])


def test_a_task_is_any_of_all_types(registry):
    found = definitions(registry)["task"]["anyOf"]

    assert {"$ref": f"#/definitions/{SWITCH}"} in found
    assert {"$ref": "#/definitions/io.kestra.plugin.core.trigger.Schedule"} not in found


def test_two_types_of_one_class_name_stay_apart(registry):
    found = definitions(registry)

    shell = found["io.kestra.plugin.scripts.shell.Script"]
    python = found["io.kestra.plugin.scripts.python.Script"]
    assert shell["title"] != python["title"]


@pytest.mark.parametrize("array_of", [False, True])
def test_a_schema_for_a_kind_or_a_list_of_it(registry, array_of):
    schema = kind_schema(registry, Kind.TRIGGER, array_of=array_of)

    reference = {"$ref": "#/definitions/trigger"}
    assert (schema["items"] if array_of else {"$ref": schema["$ref"]}) == reference
    assert "io.kestra.plugin.core.trigger.Schedule" in schema["definitions"]


def test_the_page_of_a_type_has_a_table_of_its_own_properties(registry):
    page = document(registry.get(SWITCH)).markdown

    assert "| `value` | text | yes |  | Rendered and compared" in page
    assert "`allowFailure`" not in page
    assert "- `io.kestra.core.tasks.flows.Switch`" in page


def test_the_page_may_list_what_every_task_has(registry):
    assert "`allowFailure`" in document(registry.get(SWITCH), with_common=True).markdown


def test_a_deprecated_type_says_so(registry):
    assert "deprecated" in document(registry.get("io.kestra.plugin.core.debug.Echo")).markdown


def test_types_are_listed_by_package(registry):
    packages = {package["group"]: package for package in list_packages(registry)}

    core = packages["io.kestra.plugin.core"]
    log = next(task for task in core["tasks"] if task["cls"].endswith(".log.Log"))
    assert log == {
        "cls": "io.kestra.plugin.core.log.Log",
        "deprecated": False,
        "title": "Write one or more lines to the log of the execution.",
        "description": "",
    }
    assert [found["cls"] for found in core["taskRunners"]] == [
        "io.kestra.plugin.core.runner.Process"
    ]
    assert "io.kestra.core.tasks.log.Log" in core["aliases"]


def test_types_are_listed_by_group(registry):
    groups = {package["subGroup"]: package for package in list_packages(registry, by_group=True)}

    assert groups["io.kestra.plugin.core.kv"]["group"] == "io.kestra.plugin.core"
    assert len(groups["io.kestra.plugin.core.kv"]["tasks"]) == 2
