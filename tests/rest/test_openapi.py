import pytest
from django.test import override_settings
from drf_spectacular.generators import SchemaGenerator

from rest import shapes
from rest.openapi import _nullable, older, summary_of, tag_of
from tests.rest import urls_of_tests


@pytest.fixture
def document():
    with override_settings(ROOT_URLCONF="tests.rest.urls_of_tests"):
        yield SchemaGenerator(patterns=urls_of_tests.urlpatterns).get_schema(public=True)


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_async_endpoints_stand_beside_the_views(document, capsys) -> None:
    described = document["paths"]["/api/v1/{tenant}/executions/{namespace}"]["post"]

    assert described["operationId"] == "startFlow"
    assert described["summary"] == "Starts."
    assert [argument["name"] for argument in described["parameters"]] == ["tenant", "namespace"]
    assert described["security"]
    assert "/api/v1/{tenant}/kv/{namespace}" in document["paths"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_an_address_of_several_views_shows_its_endpoint(document, capsys) -> None:
    assert "post" in document["paths"]["/api/v1/{tenant}/executions/{namespace}/mixed"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_an_address_of_several_views_shows_its_rest_views(document, capsys) -> None:
    described = document["paths"]["/api/v1/{tenant}/executions/{namespace}/mixed"]

    assert list(described) == ["get", "post"]
    assert described["get"]["security"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_every_operation_may_answer_an_error(document, capsys) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["responses"]["4XX"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Error"
            }
    assert document["components"]["schemas"]["Error"]["required"] == ["message"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_an_open_endpoint_needs_no_credentials(document, capsys) -> None:
    assert "security" not in document["paths"]["/api/v1/{tenant}/hook"]["get"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_a_view_without_serializers_is_described_all_the_same(document, capsys) -> None:
    described = document["paths"]["/api/v1/{tenant}/kv/{namespace}"]

    assert described["put"]["requestBody"]
    assert described["put"]["security"] == [{"bearerAuth": []}, {"basicAuth": []}]
    assert "requestBody" not in described["get"]
    assert "unable to guess" not in capsys.readouterr().err


def test_a_second_address_has_a_name_of_its_own() -> None:
    view = older(urls_of_tests.start)

    assert view.operation.operation_id == "startFlow_1"
    assert urls_of_tests.start.operation.operation_id == "startFlow"
    assert (view.declared, view.methods) == (
        urls_of_tests.start.declared,
        urls_of_tests.start.methods,
    )


def test_a_second_address_is_described_like_the_first(monkeypatch) -> None:
    said = shapes.Said(shapes.TEXT)
    monkeypatch.setitem(shapes._said, "startFlow", said)

    assert shapes.said_of("startFlow_1") is said
    assert shapes.said_of("startFlow_x") is None


def test_what_pydantic_calls_null_may_be_left_out() -> None:
    shape = {"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}], "title": "A"}
    reference = {"anyOf": [{"$ref": "#/b"}, {"type": "null"}]}
    choice = {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}

    assert _nullable([shape, reference, choice]) == [
        {"type": "string", "maxLength": 3, "title": "A", "nullable": True},
        {"allOf": [{"$ref": "#/b"}], "nullable": True},
        {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
    ]


@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("/api/v1/{tenant}/executions/{executionId}/kill", "Executions"),
        ("/api/v1/{tenant}/namespaces/{namespace}/kv/{key}", "KV"),
        ("/api/v1/{tenant}/namespaces/{namespace}", "Namespaces"),
        ("/api/v1/plugins", "Plugins"),
        ("/login", "Misc"),
    ],
)
def test_tags_are_those_of_the_clients(path: str, tag: str) -> None:
    assert tag_of(path) == tag


def test_a_summary_is_the_name_in_words() -> None:
    assert summary_of("setLabelsOnTerminatedExecution_1") == "Set labels on terminated execution"
