import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections
from django.test import AsyncClient

from common.actor import SYSTEM
from rbac.services import revoke_api_token
from rest.endpoints import by_method, endpoint
from rest.permissions import OPEN, Permission
from rest.threads import in_database_thread
from tests.rest import urls_of_tests
from tests.support.accounts import ApiClient, ClientFor

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest.urls_of_tests")]


def test_an_endpoint_works_inside_the_tenant_and_knows_its_caller(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["EXECUTE"]}, tenant="prod")

    response = client.json("POST", "/api/v1/prod/executions/a")

    assert response.json() == {"tenant": "prod", "actor": client.user.public_id, "groups": 0}


def test_an_endpoint_asks_for_its_permission(client_for: ClientFor, anonymous: ApiClient) -> None:
    viewer = client_for("Viewer")
    limited = client_for({"FLOW": ["EXECUTE"]}, namespace="b")

    assert anonymous.json("POST", "/api/v1/executions/a").status_code == 401
    assert viewer.json("POST", "/api/v1/executions/a").status_code == 403
    assert limited.json("POST", "/api/v1/executions/a").status_code == 403
    assert limited.json("POST", "/api/v1/executions/b.c").status_code == 200


def test_errors_have_the_one_shape(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["EXECUTE"]})

    response = client.json("POST", "/api/v1/executions/a/refuse")
    fault = client.get("/api/v1/main/fail")
    method = client.get("/api/v1/executions/a")

    assert response.status_code == 409
    assert response.json() == {
        "message": "Illegal state: Cannot execute a disabled flow",
        "_links": {"self": {"href": "/api/v1/executions/a/refuse", "templated": False}},
    }
    assert fault.status_code == 500
    assert method.status_code == 405


def test_wrong_credentials_are_refused_by_an_endpoint(client_for: ClientFor) -> None:
    assert ApiClient(token="kst_wrong").get("/api/v1/main/fail").status_code == 401


def test_an_open_endpoint_asks_nobody(client_for: ClientFor) -> None:
    assert ApiClient(token="kst_wrong").get("/api/v1/main/hook").status_code == 204


def test_one_address_may_have_a_view_for_each_method(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["EXECUTE"], "KVSTORE": ["VIEW"]})

    assert client.get("/api/v1/executions/a/mixed").json()["namespace"] == "a"
    assert client.json("POST", "/api/v1/executions/a/mixed").json()["groups"] == 0
    assert client.delete("/api/v1/executions/a/mixed").status_code == 405


def test_a_caller_checked_moments_ago_costs_no_query(
    client_for: ClientFor, django_assert_num_queries
) -> None:
    client = client_for({"FLOW": ["EXECUTE"]})
    client.json("POST", "/api/v1/executions/a")

    with django_assert_num_queries(1):  # the endpoint's own
        client.json("POST", "/api/v1/executions/a")


def test_a_revoked_token_is_refused_at_once(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["EXECUTE"]})
    client.json("POST", "/api/v1/executions/a")
    revoke_api_token(actor=SYSTEM, token=client.user.api_tokens.get())
    run_on_commit()

    assert client.json("POST", "/api/v1/executions/a").status_code == 401


def test_a_stream_passes_the_middleware_unread(client_for: ClientFor) -> None:
    response = ApiClient().get("/api/v1/main/stream")

    assert response.streaming
    assert response["Content-Type"] == "text/event-stream"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_endpoint_works_with_threads_of_its_own_for_the_database(
    client_for: ClientFor, settings
) -> None:
    settings.KESTRA_DATABASE_THREADS = 1
    token = client_for({"FLOW": ["EXECUTE"]}).defaults["HTTP_AUTHORIZATION"]

    async def ask():
        try:
            return await AsyncClient().post(
                "/api/v1/executions/a", headers={"authorization": token}
            )
        finally:
            await in_database_thread(connections.close_all)

    response = async_to_sync(ask)()

    assert response.status_code == 200
    assert response.json()["tenant"] == "main"


def test_an_endpoint_carries_its_declaration() -> None:
    assert urls_of_tests.start.declared == Permission("FLOW", ("EXECUTE",))
    assert urls_of_tests.start.methods == ("POST",)
    assert urls_of_tests.start.operation.operation_id == "startFlow"


def test_methods_of_one_address_are_kept_for_the_scan() -> None:
    @endpoint(OPEN, methods=["GET"])
    async def read(request):
        return {}

    assert by_method(get=read).views_by_method == {"GET": read}


def run_on_commit() -> None:
    """What the test's own transaction holds back."""
    while connection.run_on_commit:
        connection.run_on_commit.pop(0)[1]()
