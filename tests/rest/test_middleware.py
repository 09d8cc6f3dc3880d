import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from common.tenancy import tenant_or_none
from tests.support.accounts import ApiClient, ClientFor, make_tenant, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest.urls_of_tests")]


def test_the_tenant_of_the_address_is_the_current_one(client_for: ClientFor) -> None:
    client = client_for({"FLOW": ["LIST"]}, tenant="prod")

    response = client.get("/api/v1/prod/flows")

    assert response.json() == {"tenant": "prod"}
    assert tenant_or_none() is None


@pytest.mark.parametrize("path", ["/api/v1/flows", "/api/v1/flows/", "/api/v1/main/flows/"])
def test_without_a_tenant_the_default_one_is_meant(client_for: ClientFor, path: str) -> None:
    response = client_for({"FLOW": ["LIST"]}).get(path)

    assert response.status_code == 200
    assert response.json() == {"tenant": "main"}


def test_an_instance_wide_address_wins_where_no_tenant_is_named(super_client: ApiClient) -> None:
    assert super_client.get("/api/v1/users").json() == {"tenant": None}
    assert super_client.get("/api/v1/main/users").json() == {"tenant": "main"}


def test_an_unknown_tenant_is_not_found_for_a_super_admin_only(
    client_for: ClientFor, super_client: ApiClient
) -> None:
    assert super_client.get("/api/v1/nowhere/flows").status_code == 404
    assert super_client.get("/api/v1/No.Where!/flows").status_code == 404
    assert client_for("Admin").get("/api/v1/nowhere/flows").status_code == 403


def test_a_known_tenant_without_access_is_forbidden(client_for: ClientFor) -> None:
    make_tenant("prod")
    client = client_for("Admin")

    response = client.get("/api/v1/prod/users")

    assert response.status_code == 403
    assert response.json()["message"] == "Forbidden: no access to the tenant 'prod'"


def test_an_unknown_address_is_an_error_in_json(client_for: ClientFor) -> None:
    response = ApiClient().get("/api/v1/main/nothing/here")

    assert response.status_code == 404
    assert response.json()["_links"]["self"]["href"] == "/api/v1/main/nothing/here"


def test_the_error_names_the_address_as_it_was_sent(client_for: ClientFor) -> None:
    response = ApiClient().get("/api/v1/nothing/here/")

    assert response.json()["_links"]["self"]["href"] == "/api/v1/nothing/here/"


def test_a_nul_in_the_address_is_invalid_not_an_error_of_ours(client_for: ClientFor) -> None:
    assert ApiClient().get("/api/v1/main/kv/a%00b").status_code == 422
    assert ApiClient().get("/api/v1/main/flows?q=%00").status_code == 422


def test_a_page_knows_its_tenant_and_offers_a_token(client_for: ClientFor) -> None:
    response = ApiClient().get("/ui/prod/page")

    assert response.content == b"<p>prod</p>"
    cookie = response.cookies["csrfToken"]
    assert cookie["path"] == "/"
    assert not cookie["httponly"]


def test_the_same_holds_for_an_asynchronous_server(client_for: ClientFor) -> None:
    client = AsyncClient()

    response = async_to_sync(client.get)("/api/v1/main/hook")
    missing = async_to_sync(client.get)("/api/v1/nothing/here")

    assert response.status_code == 204
    assert missing.json()["message"] == "Not Found"


class TestCsrf:
    @pytest.fixture
    def client(self, client_for: ClientFor) -> ApiClient:
        from rbac.services.sessions import open_session

        client = ApiClient()
        client.cookies["JWT"] = open_session(user=make_user(is_super_admin=True)).token
        make_tenant("main")
        return client

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": "http://evil"},
            {"sec-fetch-site": "cross-site"},
            {"origin": "http://evil", "x-csrf-token": "guess"},
        ],
    )
    def test_a_browsers_unsafe_request_needs_the_token(
        self, client: ApiClient, headers: dict[str, str]
    ) -> None:
        response = client.post("/api/v1/flows/start", headers=headers)

        assert response.status_code == 403
        assert "X-CSRF-TOKEN" in response.json()["message"]

    def test_the_token_in_the_header_is_enough(self, client: ApiClient) -> None:
        client.cookies["csrfToken"] = "value"

        refused = client.post("/api/v1/flows/start", headers={"x-csrf-token": "other"})
        response = client.post("/api/v1/flows/start", headers={"x-csrf-token": "value"})

        assert refused.status_code == 403
        assert response.status_code == 200

    def test_a_form_may_hold_it(self, client: ApiClient) -> None:
        client.cookies["csrfToken"] = "value"

        response = client.generic(
            "POST",
            "/api/v1/flows/start",
            "csrfToken=value",
            content_type="application/x-www-form-urlencoded",
        )

        assert response.status_code == 200

    def test_a_client_that_is_no_browser_needs_none(self, client: ApiClient) -> None:
        assert client.post("/api/v1/flows/start").status_code == 200

    def test_reading_needs_none(self, client: ApiClient) -> None:
        assert client.get("/api/v1/flows", headers={"origin": "http://evil"}).status_code == 200

    def test_a_bearer_token_needs_none(self, client_for: ClientFor) -> None:
        client = client_for({"FLOW": ["EXECUTE"]})

        response = client.post("/api/v1/flows/start", headers={"origin": "http://evil"})

        assert response.status_code == 200
