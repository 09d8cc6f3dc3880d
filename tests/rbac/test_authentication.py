import base64
from dataclasses import replace
from datetime import timedelta

import jwt
import pytest
from django.conf import settings

from common.actor import SYSTEM, ActorKind
from common.clock import now
from common.errors import Unauthorized
from rbac import authentication, passwords
from rbac.authentication import identify
from rbac.choices import UserType
from rbac.models import ApiToken
from rbac.services import create_api_token, logout, revoke_sessions, set_password
from rbac.services.sessions import open_session
from rbac.tokens import prefix_of
from rest.identity import NOBODY, Credentials, Scheme, read_credentials
from tests.support.accounts import forget_everything, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Root!1234"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_everything()


def basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


def bearer(token: str) -> Credentials:
    return Credentials(Scheme.BEARER, token, "10.0.0.1")


class TestReadCredentials:
    @pytest.mark.parametrize(
        ("authorization", "cookie", "scheme", "secret"),
        [
            ("", "", Scheme.NONE, ""),
            ("Bearer abc", "", Scheme.BEARER, "abc"),
            ("bearer  abc ", "jwt", Scheme.BEARER, "abc"),
            ("Bearer ", "jwt", Scheme.COOKIE, "jwt"),
            ("Basic Og==", "jwt", Scheme.COOKIE, "jwt"),
            ("Basic Og==", "", Scheme.NONE, ""),
            ("Basic", "", Scheme.NONE, ""),
            (basic("a@b.c:p:q"), "jwt", Scheme.BASIC, "a@b.c:p:q"),
            (basic("a@b.c"), "", Scheme.BASIC, "a@b.c:"),
            ("Basic ???", "", Scheme.BASIC, "\x00:\x00"),
            ("Digest x", "jwt", Scheme.COOKIE, "jwt"),
        ],
    )
    def test_the_first_way_that_is_not_empty_decides(
        self, authorization: str, cookie: str, scheme: Scheme, secret: str
    ) -> None:
        cookies = {"JWT": cookie} if cookie else {}

        found = read_credentials(authorization=authorization, cookies=cookies)

        assert (found.scheme, found.secret) == (scheme, secret)

    def test_credentials_never_show_their_secret(self) -> None:
        assert "abc" not in repr(Credentials(Scheme.BEARER, "abc"))


class TestBasic:
    def test_name_without_case_and_password(self) -> None:
        user = make_user(username="Ann@Example.com", password=PASSWORD)

        identity = identify(Credentials(Scheme.BASIC, f"ANN@example.COM:{PASSWORD}", "10.0.0.1"))

        assert identity.actor.id == user.public_id
        assert identity.actor.kind is ActorKind.USER
        assert identity.actor.ip_address == "10.0.0.1"

    @pytest.mark.parametrize(
        "pair",
        ["ann@example.com:wrong", "nobody@example.com:Root!1234", "\x00:\x00", ":", "a\x00:b"],
    )
    def test_a_wrong_pair_is_refused(self, pair: str) -> None:
        make_user(username="ann@example.com", password=PASSWORD)

        with pytest.raises(Unauthorized):
            identify(Credentials(Scheme.BASIC, pair))

    def test_an_inactive_user_and_a_service_account_are_refused(self) -> None:
        user = make_user(username="ann@example.com", password=PASSWORD)
        user.is_active = False
        user.save()
        robot = make_user(username="robot", type=UserType.SERVICE_ACCOUNT)

        for pair in (f"ann@example.com:{PASSWORD}", f"{robot.username}:", "robot:"):
            with pytest.raises(Unauthorized):
                identify(Credentials(Scheme.BASIC, pair))

    def test_a_checked_pair_is_not_hashed_again_until_the_password_changes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = make_user(username="ann@example.com", password=PASSWORD)
        pair = Credentials(Scheme.BASIC, f"ann@example.com:{PASSWORD}")
        identify(pair)
        hashed = []
        slow = type(user).check_password
        monkeypatch.setattr(
            type(user), "check_password", lambda *args: hashed.append(1) or slow(*args)
        )

        identify(pair)
        assert hashed == []

        set_password(actor=SYSTEM, user=user, password="Other!1234")
        with pytest.raises(Unauthorized):
            identify(pair)
        assert hashed == [1]

    def test_a_checked_pair_ends_after_five_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        user = make_user(username="ann@example.com", password=PASSWORD)
        monkeypatch.setattr(passwords, "_KEPT_SECONDS", -1.0)
        calls = []
        slow = type(user).check_password
        monkeypatch.setattr(
            type(user), "check_password", lambda *args: calls.append(1) or slow(*args)
        )

        for _ in range(2):
            identify(Credentials(Scheme.BASIC, f"ann@example.com:{PASSWORD}"))

        assert len(calls) == 2

    def test_passwords_are_kept_as_argon2_of_the_decided_cost(self) -> None:
        assert make_user(password=PASSWORD).password.startswith(
            "argon2$argon2id$v=19$m=19456,t=2,p=1$"
        )


class TestSession:
    def test_the_cookie_and_the_same_token_as_bearer(self) -> None:
        user = make_user()
        token = open_session(user=user).token

        for scheme in (Scheme.COOKIE, Scheme.BEARER):
            identity = identify(Credentials(scheme, token))
            assert identity.actor.id == user.public_id
            assert identity.session_id == user.sessions.get().public_id

    @pytest.mark.parametrize("token", ["", "a.b.c", "not a token", "\x00"])
    def test_what_is_no_token_of_ours_is_refused(self, token: str) -> None:
        with pytest.raises(Unauthorized):
            identify(Credentials(Scheme.COOKIE, token))

    def test_a_token_signed_by_another_key_is_refused(self) -> None:
        user = make_user()
        open_session(user=user)
        claims = {"sid": user.sessions.get().public_id, "sub": user.public_id}
        claims |= {"exp": now() + timedelta(days=1)}

        for key, algorithm in (("k" * 64, "HS256"), ("", "none")):
            with pytest.raises(Unauthorized):
                identify(Credentials(Scheme.COOKIE, jwt.encode(claims, key, algorithm=algorithm)))

    def test_signing_out_ends_the_session(self) -> None:
        user = make_user()
        credentials = Credentials(Scheme.COOKIE, open_session(user=user).token)
        identity = identify(credentials)

        logout(actor=identity.actor, session_id=identity.session_id)

        with pytest.raises(Unauthorized):
            identify(credentials)

    def test_a_change_of_password_and_revoking_end_all_sessions(self) -> None:
        user = make_user(password=PASSWORD)
        first = Credentials(Scheme.COOKIE, open_session(user=user).token)
        set_password(actor=SYSTEM, user=user, password="Other!1234")
        second = Credentials(Scheme.COOKIE, open_session(user=user).token)
        assert revoke_sessions(actor=SYSTEM, user=user) == 1

        for credentials in (first, second):
            with pytest.raises(Unauthorized):
                identify(credentials)

    def test_a_session_ends_by_itself(self) -> None:
        user = make_user()
        token = open_session(user=user).token
        user.sessions.update(expires=now())

        with pytest.raises(Unauthorized):
            identify(Credentials(Scheme.COOKIE, token))

    def test_an_inactive_user_has_no_session(self) -> None:
        user = make_user()
        token = open_session(user=user).token
        user.is_active = False
        user.save()

        with pytest.raises(Unauthorized):
            identify(Credentials(Scheme.COOKIE, token))

    def test_the_key_is_the_cookies_own(self) -> None:
        token = open_session(user=make_user()).token

        assert jwt.decode(token, settings.KESTRA_COOKIE_KEY, algorithms=["HS256"])["sid"]


class TestApiToken:
    def test_a_token_signs_its_owner_in(self) -> None:
        robot = make_user(username="robot", type=UserType.SERVICE_ACCOUNT)
        token, full = create_api_token(actor=SYSTEM, user=robot, name="ci")

        actor = identify(bearer(full)).actor

        assert (actor.id, actor.kind) == (robot.public_id, ActorKind.SERVICE_ACCOUNT)
        assert (actor.name, actor.token_id) == ("robot", token.public_id)

    def test_only_a_salted_hash_is_stored(self) -> None:
        token, full = create_api_token(actor=SYSTEM, user=make_user(), name="ci")
        stored = {
            str(value) for value in ApiToken.objects.filter(pk=token.pk).values().get().values()
        }

        assert full.startswith("kst_")
        assert token.prefix == prefix_of(full) == full[:12]
        assert not any(full in value for value in stored)
        assert len(token.hash) == 128

    def test_a_wrong_expired_or_foreign_token_is_refused(self) -> None:
        token, full = create_api_token(
            actor=SYSTEM, user=make_user(), name="ci", max_age=timedelta(hours=1)
        )
        for wrong in (full[:-1] + "!", full + "x", "kst_", full[:12], "kst_\x00"):
            with pytest.raises(Unauthorized):
                identify(bearer(wrong))
        ApiToken.objects.filter(pk=token.pk).update(expires=now())
        with pytest.raises(Unauthorized):
            identify(bearer(full))

    def test_the_owner_must_be_active(self) -> None:
        user = make_user()
        _, full = create_api_token(actor=SYSTEM, user=user, name="ci")
        user.is_active = False
        user.save()

        with pytest.raises(Unauthorized):
            identify(bearer(full))

    def test_use_is_noted_at_most_once_a_minute(self, django_assert_num_queries) -> None:
        token, full = create_api_token(actor=SYSTEM, user=make_user(), name="ci")
        with django_assert_num_queries(2):
            identify(bearer(full))
        token.refresh_from_db()
        first = token.last_used

        with django_assert_num_queries(1):
            identify(bearer(full))
        token.refresh_from_db()

        assert first is not None
        assert token.last_used == first

    def test_use_moves_the_end_of_an_extended_token_only(self) -> None:
        ends = []
        for is_extended in (True, False):
            token, full = create_api_token(
                actor=SYSTEM,
                user=make_user(),
                name="ci",
                max_age=timedelta(hours=1),
                is_extended=is_extended,
            )
            soon = now() + timedelta(minutes=1)
            ApiToken.objects.filter(pk=token.pk).update(expires=soon)
            identify(bearer(full))
            token.refresh_from_db()
            ends.append(token.expires > soon)

        assert ends == [True, False]


class TestRecentIdentities:
    def test_what_was_found_is_recalled_with_the_address_of_the_new_request(self) -> None:
        _, full = create_api_token(actor=SYSTEM, user=make_user(), name="ci")
        found = identify(bearer(full))

        recalled = authentication.recent.recall(replace(bearer(full), ip_address="10.0.0.9"))

        assert recalled is not None
        assert recalled.actor == replace(found.actor, ip_address="10.0.0.9")

    def test_it_is_forgotten_after_two_seconds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(authentication, "_REMEMBERED_SECONDS", -1.0)
        _, full = create_api_token(actor=SYSTEM, user=make_user(), name="ci")
        identify(bearer(full))

        assert authentication.recent.recall(bearer(full)) is None

    def test_refused_credentials_are_not_remembered(self) -> None:
        with pytest.raises(Unauthorized):
            identify(bearer("kst_wrong"))

        assert authentication.recent.recall(bearer("kst_wrong")) is None

    def test_without_credentials_one_is_nobody(self) -> None:
        assert identify(Credentials()) is NOBODY
