import base64

import pytest

from audit.models import AuditEntry
from common.tenancy import tenant_scope
from rbac.models import Binding, User
from tests.support.accounts import ApiClient, ClientFor, forget_everything, make_user
from tests.support.cases import OPEN, PermissionCases, Row

pytestmark = pytest.mark.django_db
PASSWORD = "Root!1234"


@pytest.fixture
def client(client_for: ClientFor) -> ApiClient:
    return ApiClient()


class TestPermissionTable(PermissionCases):
    rows = [
        Row("POST", "/login", OPEN, status=422),
        Row("POST", "/logout", OPEN),
        Row("POST", "/api/v1/login", OPEN, status=422),
        Row("POST", "/api/v1/logout", OPEN),
        Row("GET", "/api/v1/setup", OPEN),
        Row("POST", "/api/v1/setup", OPEN, status=422),
        Row("GET", "/api/v1/me"),
        Row("PATCH", "/api/v1/me", body={"firstName": "Ann"}),
        Row("PUT", "/api/v1/me/password", status=422),
        Row("GET", "/api/v1/me/api-tokens"),
        Row("POST", "/api/v1/me/api-tokens", body={"name": "a"}, status=201),
        Row("DELETE", "/api/v1/me/api-tokens/none", status=404),
        Row("GET", "{T}/acls/permissions"),
        Row("GET", "{T}/acls/templates"),
    ]


class TestLogin:
    @pytest.mark.parametrize("path", ["/login", "/login/", "/api/v1/login"])
    @pytest.mark.parametrize("is_form", [True, False])
    def test_json_or_form_gives_a_cookie_that_signs_in(
        self, client: ApiClient, path: str, is_form: bool
    ) -> None:
        make_user(username="ann@example.com", password=PASSWORD)
        body = {"username": "ANN@example.com", "password": PASSWORD}

        if is_form:
            response = client.generic(
                "POST",
                path,
                "username=ANN@example.com&password=Root%211234",
                content_type="application/x-www-form-urlencoded",
            )
        else:
            response = client.json("POST", path, body)

        assert response.status_code == 200
        cookie = response.cookies["JWT"]
        assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/", "Lax")
        assert client.get("/api/v1/me").json()["username"] == "ann@example.com"

    def test_wrong_credentials_are_401_in_the_one_shape(self, client: ApiClient) -> None:
        response = client.json("POST", "/login", {"username": "a@b.c", "password": "x"})

        assert response.status_code == 401
        assert response.json()["message"] == "Unauthorized: wrong user name or password"
        assert "JWT" not in response.cookies

    def test_an_old_cookie_and_an_old_token_keep_nobody_from_signing_in(
        self, client: ApiClient
    ) -> None:
        make_user(username="ann@example.com", password=PASSWORD)
        client.cookies["JWT"] = "old"

        response = client.json(
            "POST", "/login", {"username": "ann@example.com", "password": PASSWORD}
        )

        assert response.status_code == 200

    def test_signing_out_ends_the_session_and_drops_the_cookie(self, client: ApiClient) -> None:
        make_user(username="ann@example.com", password=PASSWORD)
        client.json("POST", "/login", {"username": "ann@example.com", "password": PASSWORD})
        token = client.cookies["JWT"].value

        response = client.post("/api/v1/logout")

        assert response.status_code == 200
        assert response.cookies["JWT"]["max-age"] == 0
        forget_everything()
        assert (
            client.get("/api/v1/me", headers={"authorization": f"Bearer {token}"}).status_code
            == 401
        )
        assert client.post("/api/v1/logout").status_code == 200


class TestWaysToSignIn:
    @pytest.fixture
    def user(self, client_for: ClientFor) -> User:
        return make_user(username="ann@example.com", password=PASSWORD)

    def test_basic(self, client: ApiClient, user: User) -> None:
        pair = base64.b64encode(f"ann@example.com:{PASSWORD}".encode()).decode()

        response = client.get("/api/v1/me", headers={"authorization": f"Basic {pair}"})

        assert response.json()["id"] == user.public_id

    def test_an_empty_basic_header_beside_a_cookie(self, client: ApiClient, user: User) -> None:
        client.json("POST", "/login", {"username": "ann@example.com", "password": PASSWORD})

        response = client.get("/api/v1/me", headers={"authorization": "Basic Og=="})

        assert response.json()["id"] == user.public_id

    def test_a_wrong_bearer_is_not_saved_by_a_good_cookie(
        self, client: ApiClient, user: User
    ) -> None:
        client.json("POST", "/login", {"username": "ann@example.com", "password": PASSWORD})

        response = client.get("/api/v1/me", headers={"authorization": "Bearer kst_wrong"})

        assert response.status_code == 401


class TestSetup:
    BODY = {"username": "root@root.com", "password": PASSWORD, "tenant": {"id": "t1", "name": "T"}}

    def test_until_there_is_a_user_it_is_not_done(self, client: ApiClient) -> None:
        answer = client.get("/api/v1/setup").json()

        assert answer["done"] is False
        assert answer["passwordConfiguration"]["passwordMinLength"] == 8
        assert set(answer) >= {"repositoryType", "queueType", "storageType", "secretType"}

    def test_the_first_user_is_made_and_a_second_set_up_is_405(self, client: ApiClient) -> None:
        response = client.json("POST", "/api/v1/setup", self.BODY)
        second = client.json("POST", "/api/v1/setup", self.BODY)

        assert response.status_code == 200
        answer = response.json()
        assert answer["username"] == answer["email"] == "root@root.com"
        assert answer["superAdmin"] is answer["instanceOwner"] is True
        assert answer["tenants"] == [{"id": "t1", "name": "T"}]
        assert second.status_code == 405
        assert second.json()["message"].startswith("Method Not Allowed: ")
        assert client.get("/api/v1/setup").json()["done"] is True
        with tenant_scope("t1"):
            assert Binding.objects.count() == 1

    def test_without_a_tenant_it_is_the_default_one(self, client: ApiClient) -> None:
        body = {"username": "root@root.com", "password": PASSWORD}

        assert client.json("POST", "/api/v1/setup", body).json()["tenants"][0]["id"] == "main"

    @pytest.mark.parametrize(
        "changes", [{"password": "weak"}, {"username": ""}, {"tenant": {"id": "NO!"}}]
    )
    def test_what_is_not_valid_makes_nothing(self, client: ApiClient, changes) -> None:
        response = client.json("POST", "/api/v1/setup", self.BODY | changes)

        assert response.status_code == 422
        assert response.json()["_embedded"]["errors"]
        assert not User.objects.exists()

    def test_a_reserved_tenant_is_refused(self, client: ApiClient) -> None:
        body = self.BODY | {"tenant": {"id": "flows", "name": "x"}}

        assert client.json("POST", "/api/v1/setup", body).status_code == 422
        assert not User.objects.exists()


class TestMe:
    def test_the_current_user_with_his_tenants(self, client_for: ClientFor) -> None:
        client = client_for("Viewer", tenant="prod")

        answer = client.get("/api/v1/me").json()

        assert answer["id"] == client.user.public_id
        assert answer["profile"] == {
            "email": client.user.username,
            "username": client.user.username,
        }
        assert [tenant["id"] for tenant in answer["tenants"]] == ["prod"]
        assert answer["superAdmin"] is False
        assert None not in answer.values()

    def test_a_name_can_be_changed(self, client_for: ClientFor) -> None:
        client = client_for()

        answer = client.json("PATCH", "/api/v1/me", {"firstName": "Ann", "unknown": 1}).json()

        assert answer["firstName"] == answer["displayName"] == "Ann"
        entry = AuditEntry.objects.unscoped().filter(type="UPDATE").get()
        assert entry.user_id == client.user.public_id

    def test_a_password_changes_with_the_old_one_only(self, client_for: ClientFor) -> None:
        from tests.support.accounts import client_of

        client = client_of(make_user(username="ann@example.com", password=PASSWORD))
        path, new = "/api/v1/me/password", "Other!1234"

        wrong = client.json("PUT", path, {"oldPassword": "x", "newPassword": new})
        weak = client.json("PUT", path, {"oldPassword": PASSWORD, "newPassword": "x"})
        right = client.json("PUT", path, {"oldPassword": PASSWORD, "newPassword": new})

        assert [wrong.status_code, weak.status_code, right.status_code] == [422, 422, 200]
        client.user.refresh_from_db()
        assert client.user.check_password(new)

    def test_a_restricted_account_cannot_change_itself(self, client_for: ClientFor) -> None:
        from tests.support.accounts import client_of

        client = client_of(make_user(is_restricted=True))

        assert client.json("PATCH", "/api/v1/me", {"firstName": "x"}).status_code == 403
        assert client.json("POST", "/api/v1/me/api-tokens", {"name": "x"}).status_code == 403
        assert client.get("/api/v1/me").json()["restricted"] is True


class TestMyApiTokens:
    def test_a_token_is_shown_whole_once(self, client_for: ClientFor) -> None:
        client = client_for()
        body = {"name": "ci", "maxAge": "P1D", "extended": True}

        made = client.json("POST", "/api/v1/me/api-tokens", body)
        listed = client.get("/api/v1/me/api-tokens").json()

        assert made.status_code == 201
        assert set(made.json()) == {"id", "name", "fullToken"}
        assert listed["total"] == 2
        newest = listed["results"][0]
        assert made.json()["fullToken"].startswith(newest["prefix"])
        assert set(newest) == {
            "id", "name", "description", "prefix", "iat", "exp", "extended", "expired",
        }  # fmt: skip
        assert newest["description"] == ""

    def test_it_signs_in_until_it_is_revoked(self, client_for: ClientFor) -> None:
        client = client_for()
        made = client.json("POST", "/api/v1/me/api-tokens", {"name": "ci"}).json()
        bearer = {"authorization": f"Bearer {made['fullToken']}"}

        before = ApiClient().get("/api/v1/me", headers=bearer).status_code
        gone = client.delete(f"/api/v1/me/api-tokens/{made['id']}")
        after = ApiClient().get("/api/v1/me", headers=bearer).status_code

        assert (before, gone.status_code, after) == (200, 204, 401)
        assert gone.content == b""

    @pytest.mark.parametrize(
        "body",
        [{}, {"name": "No!"}, {"name": "a", "maxAge": "soon"}, {"name": "a", "maxAge": "PT0S"}, []],
    )
    def test_bad_input_is_422(self, client_for: ClientFor, body) -> None:
        assert client_for().json("POST", "/api/v1/me/api-tokens", body).status_code == 422

    def test_anothers_token_cannot_be_revoked(self, client_for: ClientFor) -> None:
        other = client_for().user.api_tokens.get()

        response = client_for().delete(f"/api/v1/me/api-tokens/{other.public_id}")

        assert response.status_code == 404


def test_the_words_a_role_may_hold(client_for: ClientFor) -> None:
    client = client_for("Viewer")

    permissions = client.get("/api/v1/main/acls/permissions").json()
    templates = client.get("/api/v1/acls/templates").json()

    assert "EXECUTE" in permissions["FLOW"]
    assert set(templates) == {"ADMIN", "DEVELOPER", "EDITOR", "LAUNCHER", "VIEWER"}
