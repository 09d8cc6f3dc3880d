import pytest
from django.test import override_settings
from drf_spectacular.generators import SchemaGenerator

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
def test_an_open_endpoint_needs_no_credentials(document, capsys) -> None:
    assert "security" not in document["paths"]["/api/v1/{tenant}/hook"]["get"]


@pytest.mark.urls("tests.rest.urls_of_tests")
def test_a_view_without_serializers_is_described_all_the_same(document, capsys) -> None:
    described = document["paths"]["/api/v1/{tenant}/kv/{namespace}"]

    assert described["put"]["requestBody"]
    assert described["put"]["security"] == [{"bearerAuth": []}, {"basicAuth": []}]
    assert "requestBody" not in described["get"]
    assert "unable to guess" not in capsys.readouterr().err
