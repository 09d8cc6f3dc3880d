"""Signing in and out, links that sign in once, the set-up, preferences."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from audit.models import AuditEntry
from common.clock import now
from rbac.models import SignInLink, User
from rbac.services import issue_sign_in_link
from rbac.services.sessions import open_session
from tests.support.accounts import make_tenant, make_user

PASSWORD = "Long-enough-1"
TOKEN = {"csrfToken": "the-token"}


class Visitor(Client):
    """Sends forms as browsers do."""

    def post(self, path, data, **extra):
        form = "application/x-www-form-urlencoded"
        return super().post(path, urlencode(data), content_type=form, **extra)


@pytest.fixture
def visitor(client_for):
    """Nobody is signed in; the page of the form was loaded before."""
    client = Visitor(raise_request_exception=False)
    client.cookies["csrfToken"] = TOKEN["csrfToken"]
    return client


@pytest.fixture
def signed_in(visitor):
    make_tenant("main")
    user = make_user(is_super_admin=True)
    visitor.cookies["JWT"] = open_session(user=user).token
    visitor.user = user
    return visitor


def lines_of_the_audit_log():
    lines = AuditEntry.objects.unscoped().order_by("pk").values_list("type", "detail")
    return [(word, detail.get("means")) for word, detail in lines]


def test_password_signs_in_and_leads_where_one_wanted_to_go(visitor):
    make_user(username="ada@example.com", password=PASSWORD)

    answer = visitor.post(
        "/ui/login?next=/ui/main/flows%3Fq%3Da",
        {"username": "Ada@example.com", "password": PASSWORD, **TOKEN},
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/main/flows?q=a")
    assert answer.cookies["JWT"]["httponly"]


@pytest.mark.parametrize("elsewhere", ["https://example.org/ui", "//example.org/ui", "/api/v1"])
def test_sign_in_leads_nowhere_else(visitor, elsewhere):
    make_user(username="ada@example.com", password=PASSWORD)

    answer = visitor.post(
        f"/ui/login?next={elsewhere}",
        {"username": "ada@example.com", "password": PASSWORD, **TOKEN},
    )

    assert answer.headers["Location"] == "/ui/"


def test_wrong_password_is_said_on_the_form(visitor):
    make_user(username="ada@example.com", password=PASSWORD)

    answer = visitor.post(
        "/ui/login", {"username": "ada@example.com", "password": "guess", **TOKEN}
    )

    assert answer.status_code == 401
    assert b"Wrong user name or password." in answer.content
    assert "JWT" not in answer.cookies


def test_form_of_another_site_signs_nobody_in(visitor):
    make_user(username="ada@example.com", password=PASSWORD)

    answer = visitor.post("/ui/login", {"username": "ada@example.com", "password": PASSWORD})

    assert answer.status_code == 403


def test_link_signs_in_the_administrator_once(visitor):
    user = make_user(is_super_admin=True)
    token = issue_sign_in_link()

    first = visitor.get(f"/ui/login/link/{token}")
    again = Client().get(f"/ui/login/link/{token}")

    assert (first.status_code, first.headers["Location"]) == (303, "/ui/")
    assert user.sessions.count() == 1
    assert "JWT" not in again.cookies
    assert lines_of_the_audit_log()[-2:] == [("LOGIN", "sign-in link"), ("LOGIN_FAILURE", None)]


def test_link_is_kept_as_a_hash_only(db):
    token = issue_sign_in_link()

    assert token not in str(SignInLink.objects.values_list().get())


def test_link_that_has_run_out_signs_nobody_in(visitor):
    make_user(is_super_admin=True)
    token = issue_sign_in_link()
    SignInLink.objects.update(expires=now() - timedelta(seconds=1))

    assert "JWT" not in visitor.get(f"/ui/login/link/{token}").cookies


def test_newer_link_ends_the_older(visitor):
    make_user(is_super_admin=True)
    older = issue_sign_in_link()
    issue_sign_in_link()

    assert "JWT" not in visitor.get(f"/ui/login/link/{older}").cookies


def test_link_makes_the_administrator_of_a_new_server(visitor):
    answer = visitor.get(f"/ui/login/link/{issue_sign_in_link()}")
    user = User.objects.get()

    assert answer.cookies["JWT"].value
    assert (user.is_super_admin, user.has_usable_password()) == (True, False)


def test_set_up_makes_tenant_and_user_and_signs_in(visitor):
    given = {
        "tenant": "acme",
        "tenant_name": "Acme",
        "username": "ada@example.com",
        "password": PASSWORD,
        "repeated": PASSWORD,
        **TOKEN,
    }

    answer = visitor.post("/ui/setup", given)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/ui/acme/")
    assert User.objects.get().username == "ada@example.com"
    assert visitor.get("/ui/setup").headers["Location"] == "/ui/"


def test_set_up_says_what_is_wrong_in_each_field(visitor):
    given = {
        "tenant": "flows",
        "username": "ada",
        "password": "short",
        "repeated": "other",
        **TOKEN,
    }

    answer = visitor.post("/ui/setup", given)

    assert answer.status_code == 422
    assert answer.content.count(b"field-error") >= 3
    assert b"short" not in answer.content
    assert not User.objects.exists()


def test_new_server_leads_to_the_set_up(visitor):
    assert visitor.get("/ui/").headers["Location"] == "/ui/setup"
    assert visitor.get("/ui/login").headers["Location"] == "/ui/setup"


def test_sign_out_ends_the_session(signed_in):
    answer = signed_in.post("/ui/logout", TOKEN)

    assert answer.headers["Location"] == "/ui/login"
    assert signed_in.user.sessions.filter(revoked=None).count() == 0


def test_home_leads_to_the_welcome_while_there_is_no_flow(signed_in):
    assert signed_in.get("/ui/").headers["Location"] == "/ui/main/"
    assert signed_in.get("/ui/main/").headers["Location"] == "/ui/main/welcome"


def test_preferences_are_kept_and_drawn(signed_in):
    signed_in.post("/ui/main/settings", {"theme": "dark", "time_zone": "Asia/Kathmandu", **TOKEN})

    text = signed_in.get("/ui/main/settings").content.decode()

    assert 'data-theme="dark"' in text
    assert 'value="Asia/Kathmandu"' in text


@pytest.mark.parametrize("wrong", [{"theme": "pink"}, {"time_zone": "Mars"}, {"language": "xx"}])
def test_unknown_preferences_are_refused(signed_in, wrong):
    answer = signed_in.post("/ui/main/settings", {**wrong, **TOKEN})

    assert answer.status_code == 422


def test_who_has_no_password_sets_one_and_stays_signed_in(signed_in):
    answer = signed_in.post(
        "/ui/main/settings/password", {"password": PASSWORD, "repeated": PASSWORD, **TOKEN}
    )
    signed_in.user.refresh_from_db()

    assert answer.status_code == 303
    assert signed_in.user.has_usable_password()
    assert signed_in.get("/ui/main/settings").status_code == 200


def test_who_has_a_password_must_know_it(signed_in):
    signed_in.user.set_password(PASSWORD)
    signed_in.user.save()

    answer = signed_in.post(
        "/ui/main/settings/password",
        {"present": "guess", "password": "Another-1x", "repeated": "Another-1x", **TOKEN},
    )

    assert answer.status_code == 422
    assert b"present password is not right" in answer.content
