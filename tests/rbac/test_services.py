from datetime import timedelta

import pytest
from django.test import override_settings

from audit.models import AuditEntry
from common import json
from common.actor import SYSTEM
from common.errors import BadRequest, Conflict, Forbidden, Invalid, Unauthorized
from common.tenancy import tenant_scope
from rbac.authentication import identity_of_user
from rbac.choices import UserType
from rbac.models import Binding, Role, RolePermission, TenantAccess, User
from rbac.queries import allowed
from rbac.services import (
    create_api_token,
    create_binding,
    create_first_administrator,
    create_managed_roles,
    create_role,
    create_user,
    delete_binding,
    delete_grants,
    delete_role,
    login,
    logout,
    revoke_api_token,
    set_password,
    update_role,
)
from rest.directory import tenant_directory
from rest.scoping import unscoped
from tests.support.accounts import forget_everything, make_tenant, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Root!1234"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_everything()


def lines(**wanted) -> list[AuditEntry]:
    return list(AuditEntry.objects.unscoped().filter(**wanted).order_by("id"))


class TestUsers:
    def test_a_user_is_made_with_a_line_that_keeps_the_secret(self) -> None:
        user = create_user(actor=SYSTEM, username=" Ann@Example.com ", password=PASSWORD)

        assert user.username == "ann@example.com"
        assert user.type == UserType.STANDARD
        assert len(user.public_id) == 22
        (line,) = lines(resource="USER", type="CREATE")
        assert line.object_id == user.public_id
        assert PASSWORD not in json.dumps([line.applied_patch, line.detail])
        assert user.password not in json.dumps(line.applied_patch)

    def test_a_name_is_taken_whatever_its_case(self) -> None:
        create_user(actor=SYSTEM, username="ann@example.com")

        with pytest.raises(Conflict):
            create_user(actor=SYSTEM, username="ANN@example.com")

    @pytest.mark.parametrize("username", ["", "  ", "a\x00", "a" * 255])
    def test_a_name_must_be_a_name(self, username: str) -> None:
        with pytest.raises(Invalid):
            create_user(actor=SYSTEM, username=username)

    def test_service_accounts_may_share_a_name_and_have_no_password(self) -> None:
        first, second = (
            create_user(actor=SYSTEM, username="robot", type=UserType.SERVICE_ACCOUNT)
            for _ in range(2)
        )

        assert first.display_name == second.display_name == "robot"
        with pytest.raises(Invalid):
            set_password(actor=SYSTEM, user=first, password=PASSWORD)

    def test_a_user_made_inside_a_tenant_belongs_to_it(self) -> None:
        with tenant_scope("main"):
            user = create_user(actor=SYSTEM, username="a@b.c")

            assert TenantAccess.objects.get().user == user

    def test_names_are_told_in_the_best_way_known(self) -> None:
        assert User(username="a@b.c").display_name == "a@b.c"
        assert User(username="a@b.c", first_name="Ann", last_name="Lee").display_name == "Ann Lee"


class TestPasswordRule:
    @pytest.mark.parametrize("password", [PASSWORD, "TestPass!1234", "Abcdefg1"])
    def test_good_passwords(self, password: str) -> None:
        create_user(actor=SYSTEM, username="a@b.c", password=password)

    @pytest.mark.parametrize(
        ("password", "missing"),
        [
            ("Short1", "8 characters"),
            ("alllower1", "upper-case"),
            ("ALLUPPER1", "lower-case"),
            ("NoDigitsHere", "digits"),
        ],
    )
    def test_what_is_missing_is_said_and_the_password_is_not(
        self, password: str, missing: str
    ) -> None:
        with pytest.raises(Invalid) as caught:
            create_user(actor=SYSTEM, username="a@b.c", password=password)

        assert missing in str(caught.value)
        assert password not in str(caught.value)

    def test_a_configured_rule_may_ask_for_more(self) -> None:
        from django.conf import settings

        policy = settings.KESTRA_PASSWORD_POLICY.model_copy(update={"require_special": True})
        with override_settings(KESTRA_PASSWORD_POLICY=policy), pytest.raises(Invalid):
            create_user(actor=SYSTEM, username="a@b.c", password="Abcdefg1")


class TestLogin:
    def test_signing_in_and_out_writes_lines(self) -> None:
        user = make_user(username="ann@example.com", password=PASSWORD)

        signed_in = login(username="Ann@example.com", password=PASSWORD, ip_address="10.0.0.1")
        session = user.sessions.get()
        for _ in range(2):
            logout(actor=identity_of_user(user).actor, session_id=session.public_id)

        assert signed_in.user == user
        assert signed_in.token not in repr(signed_in)
        assert [line.type for line in lines(resource="USER", user_id=user.public_id)] == [
            "LOGIN",
            "LOGOUT",
        ]

    def test_a_failure_is_written_down_and_refused(self) -> None:
        with pytest.raises(Unauthorized):
            login(username="nobody@example.com", password="secret", ip_address="10.0.0.1")

        (line,) = lines(type="LOGIN_FAILURE")
        assert line.detail == {"username": "nobody@example.com"}
        assert line.ip_address == "10.0.0.1"

    def test_a_name_that_cannot_be_stored_is_no_fault_of_ours(self) -> None:
        with pytest.raises(Unauthorized):
            login(username="\x00" * 999, password="x")


class TestApiTokens:
    def test_a_token_is_told_once_and_never_written_down(self) -> None:
        user = make_user()
        token, full = create_api_token(actor=SYSTEM, user=user, name="ci", max_age=timedelta(1))
        revoke_api_token(actor=SYSTEM, token=token)

        written = lines(detail__contains="apiTokenId")
        assert [line.type for line in written] == ["CREATE", "DELETE"]
        assert full not in json.dumps([line.detail for line in written])
        assert not user.api_tokens.exists()

    @pytest.mark.parametrize("name", ["", "Upper", "a b", "-a", "a" * 64, "a--b"])
    def test_names_are_dns_labels(self, name: str) -> None:
        with pytest.raises(Invalid):
            create_api_token(actor=SYSTEM, user=make_user(), name=name)

    @pytest.mark.parametrize("max_age", [timedelta(0), timedelta(-1), timedelta(40_000)])
    def test_an_age_is_positive_and_of_this_century(self, max_age: timedelta) -> None:
        with pytest.raises(Invalid):
            create_api_token(actor=SYSTEM, user=make_user(), name="a", max_age=max_age)


class TestRoles:
    @pytest.fixture(autouse=True)
    def _in_main(self):
        make_tenant("main")
        with tenant_scope("main"):
            yield

    def test_permissions_are_kept_as_given_and_as_checked(self) -> None:
        given = {"KVSTORE": ["READ"], "FLOW": []}

        role = create_role(actor=SYSTEM, name="r", permissions=given)

        assert list(Role.objects.get(pk=role.pk).permissions.items()) == list(given.items())
        pairs = {str(right) for right in RolePermission.objects.filter(role=role)}
        assert pairs == {"KVSTORE:VIEW", "KVSTORE:LIST"}

    def test_a_change_replaces_both(self) -> None:
        role = create_role(actor=SYSTEM, name="r", permissions={"KVSTORE": ["READ"]})

        update_role(actor=SYSTEM, role=role, name="s", permissions={"KVSTORE": ["DELETE"]})

        pairs = {str(right) for right in RolePermission.objects.filter(role=role)}
        assert pairs == {"KVSTORE:DELETE"}
        line = lines(resource="ROLE", type="UPDATE")[-1]
        assert {"op": "replace", "path": "/name", "value": "s"} in line.applied_patch

    def test_the_last_default_role_wins(self) -> None:
        for name in ("a", "b"):
            create_role(actor=SYSTEM, name=name, permissions={}, is_default=True)

        assert [role.name for role in Role.objects.filter(is_default=True)] == ["b"]

    def test_nonsense_makes_no_role(self) -> None:
        with pytest.raises(Invalid):
            create_role(actor=SYSTEM, name="r", permissions={"FLOOR": ["READ"]})
        with pytest.raises(Invalid):
            create_role(actor=SYSTEM, name=" ", permissions={})

        assert not Role.objects.filter(is_managed=False).exists()

    def test_managed_roles_are_made_once_and_cannot_be_changed(self) -> None:
        roles = create_managed_roles(actor=SYSTEM)
        create_managed_roles(actor=SYSTEM)

        assert Role.objects.count() == 5
        with pytest.raises(Forbidden):
            update_role(actor=SYSTEM, role=roles["Viewer"], name="x", permissions={})
        with pytest.raises(Forbidden):
            delete_role(actor=SYSTEM, role=roles["Admin"])

    def test_a_binding_is_made_once_and_goes_with_its_role(self) -> None:
        role = create_role(actor=SYSTEM, name="r", permissions={})
        user = make_user()
        first = create_binding(actor=SYSTEM, role=role, user=user, namespace="a")
        second = create_binding(actor=SYSTEM, role=role, user=user, namespace="a")

        assert first == second
        assert lines(resource="BINDING")[0].namespace == "a"
        delete_role(actor=SYSTEM, role=role)
        assert not Binding.objects.exists()

    def test_a_binding_is_for_one_subject(self) -> None:
        role = create_role(actor=SYSTEM, name="r", permissions={})

        with pytest.raises(BadRequest):
            create_binding(actor=SYSTEM, role=role)

    def test_a_deleted_binding_leaves_a_line(self) -> None:
        role = create_role(actor=SYSTEM, name="r", permissions={})
        binding = create_binding(actor=SYSTEM, role=role, user=make_user())

        delete_binding(actor=SYSTEM, binding=binding)

        assert [line.type for line in lines(resource="BINDING")] == ["CREATE", "DELETE"]

    def test_everything_of_a_tenant_can_go(self) -> None:
        roles = create_managed_roles(actor=SYSTEM)
        create_binding(actor=SYSTEM, role=roles["Viewer"], user=make_user())

        assert delete_grants() > 5
        assert not Role.objects.exists()


class TestFirstAdministrator:
    def test_he_is_super_admin_and_administrator_of_the_first_tenant(self) -> None:
        user = create_first_administrator(
            username="root@root.com", password=PASSWORD, tenant="first", tenant_name="First"
        )

        assert user.is_super_admin
        assert user.check_password(PASSWORD)
        assert tenant_directory().exists("first")
        with tenant_scope("first"):
            assert Binding.objects.get(user=user).role.name == "Admin"
            assert TenantAccess.objects.filter(user=user).exists()
            assert Role.objects.count() == 5
        assert allowed(identity_of_user(user).actor, "FLOW", "DELETE", "first")

    def test_there_is_only_one(self) -> None:
        create_first_administrator(username="a@b.c", password=PASSWORD)

        with pytest.raises(Conflict):
            create_first_administrator(username="b@b.c", password=PASSWORD)
        assert User.objects.count() == 1

    def test_of_two_at_the_same_moment_one_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from rbac.services import setup

        create_first_administrator(username="a@b.c", password=PASSWORD)
        monkeypatch.setattr(setup, "is_set_up", lambda: False)

        with pytest.raises(Conflict):
            create_first_administrator(username="b@b.c", password=PASSWORD)
        assert User.objects.count() == 1

    def test_a_bad_password_makes_nothing(self) -> None:
        with pytest.raises(Invalid):
            create_first_administrator(username="a@b.c", password="weak", tenant="first")

        assert not User.objects.exists()
        assert not tenant_directory().exists("first")

    def test_a_configured_one_is_not_refused(self) -> None:
        create_first_administrator(username="admin", password="weak", enforce_password_rule=False)

        assert User.objects.get().username == "admin"


def test_a_tenant_comes_with_the_managed_roles() -> None:
    make_tenant("fresh")

    with tenant_scope("fresh"):
        names = set(Role.objects.values_list("name", flat=True))
    assert names == {"Admin", "Developer", "Editor", "Launcher", "Viewer"}


def test_deleting_a_user_takes_his_grants_in_all_tenants() -> None:
    user = make_user()
    for tenant in ("one", "two"):
        make_tenant(tenant)
        with tenant_scope(tenant):
            roles = create_managed_roles(actor=SYSTEM)
            create_binding(actor=SYSTEM, role=roles["Viewer"], user=user)

    with unscoped():
        user.delete()

    assert Binding.objects.unscoped().count() == 0
