from collections.abc import Iterator

import pytest
from django.db.models import Count

from common.tenancy import NoTenant, tenant_scope
from rbac.choices import Membership
from rbac.models import Group, GroupMembership, User
from rest.scoping import TenantManager, WrongTenant, unscoped

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_tenants() -> None:
    for tenant in ("one", "two"):
        with tenant_scope(tenant):
            Group.objects.create(name=f"group of {tenant}")


@pytest.fixture
def in_one(two_tenants: None) -> Iterator[None]:
    with tenant_scope("one"):
        yield


@pytest.mark.parametrize(
    "query",
    [
        lambda: list(Group.objects.all()),
        Group.objects.count,
        Group.objects.exists,
        Group.objects.first,
        lambda: Group.objects.get(name="a"),
        lambda: Group.objects.aggregate(Count("pk")),
        lambda: list(Group.objects.values_list("name").iterator()),
        lambda: Group.objects.filter(name="a").update(name="b"),
        lambda: Group.objects.filter(name="a").delete(),
        lambda: Group.objects.create(name="a"),
        lambda: Group.objects.bulk_create([Group(name="a")]),
        lambda: Group.objects.get_or_create(name="a"),
        lambda: Group.objects.update_or_create(name="a"),
        lambda: Group.objects.in_bulk([1]),
        lambda: list(User.objects.filter(pk__in=GroupMembership.objects.values("user"))),
        lambda: Group(name="a").save(),
    ],
)
def test_nothing_can_be_asked_or_written_outside_a_tenant(query) -> None:
    with pytest.raises(NoTenant):
        query()


def test_a_query_described_outside_works_inside(two_tenants: None) -> None:
    described = Group.objects.order_by("name")

    with tenant_scope("two"):
        names = [group.name for group in described.all()]

    assert names == ["group of two"]


def test_the_tenant_counts_when_the_query_runs_not_when_it_is_described(two_tenants: None) -> None:
    with tenant_scope("one"):
        described = Group.objects.values_list("name", flat=True)

    with tenant_scope("two"):
        assert list(described) == ["group of two"]


def test_a_new_row_gets_the_current_tenant(in_one: None) -> None:
    assert Group.objects.create(name="new").tenant == "one"
    assert Group.objects.bulk_create([Group(name="bulk")])[0].tenant == "one"
    assert Group.objects.get_or_create(name="got")[0].tenant == "one"
    assert Group.objects.update_or_create(name="updated")[0].tenant == "one"


def test_get_or_create_does_not_find_another_tenants_row(in_one: None) -> None:
    group, is_new = Group.objects.get_or_create(name="group of two")

    assert is_new
    assert group.tenant == "one"


def test_update_and_delete_reach_only_the_current_tenant(in_one: None) -> None:
    assert Group.objects.all().update(description="x") == 1
    assert Group.objects.all().delete()[0] == 1
    with tenant_scope("two"):
        assert Group.objects.get().description == ""


def test_bulk_update_reaches_only_the_current_tenant(two_tenants: None) -> None:
    with tenant_scope("two"):
        strangers = list(Group.objects.all())
    strangers[0].description = "changed"

    with tenant_scope("one"):
        assert Group.objects.bulk_update(strangers, ["description"]) == 0


def test_a_row_of_another_tenant_cannot_be_saved(two_tenants: None) -> None:
    with tenant_scope("two"):
        group = Group.objects.get()

    with tenant_scope("one"), pytest.raises(WrongTenant):
        group.save()


def test_a_row_cannot_be_moved_to_another_tenant(in_one: None) -> None:
    with pytest.raises(WrongTenant):
        Group.objects.all().update(tenant="two")


def test_related_rows_are_scoped_and_filled_in(in_one: None) -> None:
    group = Group.objects.get()
    user = User.objects.create(username="a@b.c")

    membership = group.memberships.create(user=user, membership=Membership.OWNER)

    assert membership.tenant == "one"
    assert user.memberships.count() == 1
    with tenant_scope("two"):
        assert user.memberships.count() == 0
    with pytest.raises(NoTenant), tenant_scope_left():
        user.memberships.count()


def test_following_a_relation_to_another_tenants_row_finds_nothing(two_tenants: None) -> None:
    user = User.objects.create(username="a@b.c")
    with tenant_scope("one"):
        membership = Group.objects.get().memberships.create(user=user)
        membership = GroupMembership.objects.get(pk=membership.pk)

    with tenant_scope("two"), pytest.raises(Group.DoesNotExist):
        _ = membership.group


def test_unscoped_sees_the_rows_of_all_tenants(two_tenants: None) -> None:
    with unscoped():
        assert Group.objects.count() == 2
    assert Group.objects.unscoped().count() == 2
    with tenant_scope("one"):
        assert Group.objects.unscoped().count() == 2
        assert Group.objects.count() == 1


def test_unscoped_is_refused_on_a_relation(in_one: None) -> None:
    with pytest.raises(TypeError, match="own manager"):
        Group.objects.get().memberships.unscoped()


def test_refreshing_a_row_needs_its_tenant(two_tenants: None) -> None:
    with tenant_scope("one"):
        group = Group.objects.get()
        group.refresh_from_db()

    with tenant_scope("two"), pytest.raises(Group.DoesNotExist):
        group.refresh_from_db()


def test_a_model_without_its_own_meta_uses_the_scoped_manager_for_relations() -> None:
    assert isinstance(Group._base_manager, TenantManager)
    assert isinstance(GroupMembership._base_manager, TenantManager)


class tenant_scope_left:  # noqa: N801  # reads as a statement
    """The block is outside every tenant."""

    def __enter__(self) -> None:
        from common.tenancy import _current

        self._variable = _current
        self._token = _current.set(None)

    def __exit__(self, *_: object) -> None:
        self._variable.reset(self._token)
