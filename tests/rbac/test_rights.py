import pytest
from django.db import connection

from common.actor import ANONYMOUS, COMMAND_LINE, SYSTEM, Actor
from common.tenancy import tenant_scope
from rbac import rights
from rbac.authentication import identity_of_user
from rbac.models import Group, Role
from rbac.queries import WHOLE_TENANT, allowed, tenants_of, visible_namespaces
from rbac.rights import EVERYWHERE, NOWHERE, Reach, Rights
from rbac.services import create_binding, create_role, delete_binding, update_role
from rbac.templates import MANAGED_ROLES
from tests.support.accounts import (
    ClientFor,
    forget_everything,
    give_role,
    make_tenant,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_everything()


def person(role=None, **where) -> Actor:
    user = make_user()
    if role is not None:
        give_role(user, role, **where)
    return identity_of_user(user).actor


class TestAllowed:
    def test_a_binding_to_the_tenant_reaches_all_of_it(self) -> None:
        actor = person({"FLOW": ["VIEW"]})

        assert allowed(actor, "FLOW", "VIEW", "main")
        assert allowed(actor, "FLOW", "VIEW", "main", "a.b")
        assert allowed(actor, "FLOW", "VIEW", "main", WHOLE_TENANT)
        assert not allowed(actor, "FLOW", "UPDATE", "main")
        assert not allowed(actor, "EXECUTION", "VIEW", "main")

    def test_a_binding_to_a_namespace_reaches_it_and_all_below(self) -> None:
        actor = person({"FLOW": ["VIEW"]}, namespace="a.b")

        assert allowed(actor, "FLOW", "VIEW", "main")
        assert allowed(actor, "FLOW", "VIEW", "main", "a.b")
        assert allowed(actor, "FLOW", "VIEW", "main", "a.b.c")
        assert not allowed(actor, "FLOW", "VIEW", "main", "a")
        assert not allowed(actor, "FLOW", "VIEW", "main", "a.bc")
        assert not allowed(actor, "FLOW", "VIEW", "main", WHOLE_TENANT)

    def test_another_tenant_is_out_of_reach(self) -> None:
        make_tenant("two")
        actor = person("Admin", tenant="main")

        assert not allowed(actor, "FLOW", "VIEW", "two")

    def test_rights_of_all_bindings_join(self) -> None:
        user = make_user()
        give_role(user, {"FLOW": ["VIEW"]}, namespace="a")
        give_role(user, {"FLOW": ["UPDATE"]}, namespace="b")
        actor = identity_of_user(user).actor

        assert allowed(actor, "FLOW", "VIEW", "main", "a")
        assert not allowed(actor, "FLOW", "UPDATE", "main", "a")
        assert allowed(actor, "FLOW", "*", "main", "b")

    def test_a_group_passes_its_bindings_to_its_members(self) -> None:
        make_tenant("main")
        user = make_user()
        with tenant_scope("main"):
            group = Group.objects.create(name="g")
            group.memberships.create(user=user)
            role = create_role(actor=SYSTEM, name="r", permissions={"FLOW": ["VIEW"]})
            create_binding(actor=SYSTEM, role=role, group=group, namespace="a")

        actor = identity_of_user(user).actor

        assert allowed(actor, "FLOW", "VIEW", "main", "a")
        assert not allowed(actor, "FLOW", "VIEW", "main", "b")

    def test_administration_needs_the_whole_tenant(self) -> None:
        actor = person("Admin", namespace="a")

        assert allowed(actor, "FLOW", "DELETE", "main", "a")
        for resource in ("BINDING", "ROLE", "USER", "GROUP", "AUDITLOG", "SERVICE_ACCOUNT"):
            assert not allowed(actor, resource, "VIEW", "main")

    def test_super_admins_the_engine_and_the_command_line_may_everything(self) -> None:
        make_tenant("main")
        chief = identity_of_user(make_user(is_super_admin=True)).actor

        for actor in (chief, SYSTEM, COMMAND_LINE):
            assert allowed(actor, "FLOW", "VIEW", "main", "a")
            assert allowed(actor, "KILL_SWITCH", "CREATE", "main")

    def test_nobody_may_nothing(self) -> None:
        assert not allowed(ANONYMOUS, "FLOW", "VIEW", "main")

    def test_an_inactive_user_may_nothing(self) -> None:
        user = make_user()
        give_role(user, "Admin")
        user.is_active = False
        user.save()
        forget_everything()

        assert not allowed(Actor(kind=SYSTEM.kind, id=user.public_id), "FLOW", "VIEW", "main")


class TestVisibleNamespaces:
    def test_rows_are_filtered_by_reach(self) -> None:
        actor = person({"FLOW": ["LIST"]}, namespace="a")
        reach = visible_namespaces(actor, "FLOW", "LIST", "main")
        with tenant_scope("main"):
            Role.objects.all().delete()
            for namespace in ("a", "a.b", "ab", ""):
                Role.objects.create(name=f"in {namespace}", namespace=namespace)

            names = set(Role.objects.filter(reach.to_q()).values_list("name", flat=True))

        assert names == {"in a", "in a.b"}

    def test_without_the_right_nothing_is_visible(self) -> None:
        actor = person("Viewer")

        reach = visible_namespaces(actor, "SECRET", "LIST", "main")

        assert not reach
        with tenant_scope("main"):
            assert not Role.objects.filter(reach.to_q()).exists()

    def test_everywhere_filters_nothing(self) -> None:
        actor = person("Viewer")

        reach = visible_namespaces(actor, "FLOW", "LIST", "main")

        assert reach.is_everywhere
        with tenant_scope("main"):
            assert Role.objects.filter(reach.to_q()).count() == 5


class TestMemory:
    def test_the_second_question_costs_no_query(self, django_assert_num_queries) -> None:
        actor = person("Editor")
        assert allowed(actor, "FLOW", "VIEW", "main")

        with django_assert_num_queries(0):
            assert allowed(actor, "FLOW", "UPDATE", "main", "a.b")
            assert not allowed(actor, "SECRET", "VIEW", "main")

    def test_compiling_is_a_handful_of_queries(self, django_assert_max_num_queries) -> None:
        actor = person("Admin")
        forget_everything()

        with django_assert_max_num_queries(4):
            allowed(actor, "FLOW", "VIEW", "main")

    def test_a_new_binding_counts_as_soon_as_the_version_is_read(self) -> None:
        user = make_user()
        give_role(user, {"FLOW": ["VIEW"]})
        actor = identity_of_user(user).actor
        assert not allowed(actor, "SECRET", "VIEW", "main")

        give_role(user, {"SECRET": ["VIEW"]})
        user.refresh_from_db()
        identity_of_user(user)  # what each sign-in does

        assert allowed(actor, "SECRET", "VIEW", "main")

    def test_after_a_few_seconds_the_version_is_asked_for_again(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = make_user()
        give_role(user, {"FLOW": ["VIEW"]})
        actor = identity_of_user(user).actor
        assert not allowed(actor, "SECRET", "VIEW", "main")
        give_role(user, {"SECRET": ["VIEW"]})
        assert not allowed(actor, "SECRET", "VIEW", "main")

        monkeypatch.setattr(rights, "_TRUSTED_SECONDS", -1.0)

        assert allowed(actor, "SECRET", "VIEW", "main")

    def test_changes_raise_the_version_of_whom_they_concern(self) -> None:
        direct, member, stranger = make_user(), make_user(), make_user()
        make_tenant("main")
        with tenant_scope("main"):
            role = create_role(actor=SYSTEM, name="r", permissions={"FLOW": ["VIEW"]})
            group = Group.objects.create(name="g")
            group.memberships.create(user=member)
            binding = create_binding(actor=SYSTEM, role=role, user=direct)
            create_binding(actor=SYSTEM, role=role, group=group)
            update_role(actor=SYSTEM, role=role, name="r", permissions={})
            delete_binding(actor=SYSTEM, binding=binding)

        versions = []
        for user in (direct, member, stranger):
            user.refresh_from_db()
            versions.append(user.rights_version)

        assert versions == [3, 2, 0]


class TestTenants:
    def test_one_enters_the_tenants_one_belongs_to(self) -> None:
        for tenant in ("main", "two", "three"):
            make_tenant(tenant)
        user = make_user()
        give_role(user, "Viewer", tenant="two")

        assert set(tenants_of(identity_of_user(user).actor)) == {"two"}
        assert set(tenants_of(SYSTEM)) >= {"main", "two", "three"}
        assert tenants_of(ANONYMOUS) == {}


def test_reaches_join_to_the_widest() -> None:
    inner, outer = Reach(namespaces=frozenset({"a.b"})), Reach(namespaces=frozenset({"a"}))

    assert inner.joined(outer) == outer
    assert inner.joined(EVERYWHERE) is EVERYWHERE
    assert NOWHERE.joined(inner) == inner
    assert Rights().reach("FLOW", "VIEW") is NOWHERE


def test_a_reach_with_pattern_characters_is_taken_literally(client_for: ClientFor) -> None:
    reach = Reach(namespaces=frozenset({"a_b%"}))
    with tenant_scope("main"):
        Role.objects.create(name="x", namespace="aXb%.c")
        assert not Role.objects.filter(reach.to_q()).exists()
    assert connection.vendor


@pytest.mark.parametrize("name", MANAGED_ROLES)
def test_the_managed_roles_hold_only_words_that_are_known(name: str) -> None:
    from rbac.vocabulary import ACTIONS, expand_permissions

    given = MANAGED_ROLES[name]

    assert expand_permissions(given) == {(r, a) for r, actions in given.items() for a in actions}
    assert set(given) <= set(ACTIONS)


def test_a_launcher_may_not_kill_and_a_viewer_not_start() -> None:
    launcher, viewer = person("Launcher"), person("Viewer")

    assert allowed(launcher, "FLOW", "EXECUTE", "main")
    assert not allowed(launcher, "EXECUTION", "KILL", "main")
    assert not allowed(viewer, "FLOW", "EXECUTE", "main")
