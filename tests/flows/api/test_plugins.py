"""`/api/v1/plugins` and the older `{T}/plugins`."""

from base64 import b64decode
from typing import Any

import pytest

from tests.flows.sources import LOG


def test_plugins_come_as_a_page_and_in_the_older_form_as_a_list(super_client: Any) -> None:
    page = super_client.get("/api/v1/plugins").json()
    older = super_client.get("/api/v1/main/plugins").json()

    assert page["results"] == older
    assert page["total"] == len(older)
    assert super_client.get("/api/v1/main/plugins?size=1").json()["total"] == len(older)
    assert LOG in {task["cls"] for package in older for task in package["tasks"]}


def test_the_page_of_a_type_has_its_schema(super_client: Any) -> None:
    body = super_client.get(f"/api/v1/plugins/{LOG}").json()

    assert body["markdown"].startswith("# Log")
    assert "message" in body["schema"]["properties"]["properties"]
    assert super_client.get("/api/v1/plugins/nothing.Such").status_code == 404


def test_the_schema_of_a_flow_refers_to_the_types(super_client: Any) -> None:
    schema = super_client.get("/api/v1/plugins/schemas/flow").json()

    definitions = schema["definitions"]
    own = definitions[schema["$ref"].rpartition("/")[2]]
    assert own["properties"]["tasks"]["items"] == {"$ref": "#/definitions/task"}
    assert {"$ref": f"#/definitions/{LOG}"} in definitions["task"]["anyOf"]
    assert LOG in definitions
    assert own["additionalProperties"] is False


def test_every_reference_in_the_schema_of_a_flow_leads_somewhere(super_client: Any) -> None:
    schema = super_client.get("/api/v1/plugins/schemas/flow").json()
    pending, missing = [schema], set()
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            name = item.get("$ref", "")
            if isinstance(name, str) and name.removeprefix("#/definitions/") not in {
                "",
                *schema["definitions"],
            }:
                missing.add(name)
            pending += item.values()
        elif isinstance(item, list):
            pending += item

    assert missing == set()


@pytest.mark.parametrize("name", ["task", "trigger", "condition", "taskRunner", "plugindefault"])
def test_parts_have_schemas_too(super_client: Any, name: str) -> None:
    plain = super_client.get(f"/api/v1/plugins/schemas/{name}").json()
    many = super_client.get(f"/api/v1/plugins/schemas/{name}?arrayOf=true").json()

    assert "definitions" in plain
    assert many["type"] == "array"


def test_a_schema_that_is_not_there_is_404(super_client: Any) -> None:
    assert super_client.get("/api/v1/plugins/schemas/colour").status_code == 404


def test_input_types_are_listed_with_their_schemas(super_client: Any) -> None:
    types = {item["type"] for item in super_client.get("/api/v1/plugins/inputs").json()}
    select = super_client.get("/api/v1/plugins/inputs/SELECT").json()

    assert {"STRING", "SELECT", "ENUM", "ARRAY"} <= types
    assert "values" in select["schema"]["properties"]["properties"]
    assert super_client.get("/api/v1/plugins/inputs/COLOUR").status_code == 404


def test_every_type_and_group_has_an_icon(super_client: Any) -> None:
    icons = super_client.get("/api/v1/plugins/icons").json()
    groups = super_client.get("/api/v1/plugins/icons/groups").json()
    one = super_client.get(f"/api/v1/plugins/icons/{LOG}").json()

    assert one["icon"] == icons[LOG]
    assert b64decode(icons[LOG]["icon"]).startswith(b"<svg")
    assert "io.kestra.plugin.core.log" in groups
    assert icons["io.kestra.plugin.core.flow.Sequential"]["flowable"] is True


def test_properties_and_groups_are_answered(super_client: Any) -> None:
    assert "tasks" in super_client.get("/api/v1/plugins/properties/flow").json()
    groups = super_client.get("/api/v1/plugins/groups/subgroups").json()
    assert "io.kestra.plugin.core.log" in {group["subGroup"] for group in groups}
