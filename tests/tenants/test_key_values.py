import json
from datetime import timedelta
from typing import Any

import pytest

from audit.models import AuditEntry
from common.actor import SYSTEM, Actor
from common.clock import now
from common.errors import Invalid
from common.tenancy import NoTenant, tenant_scope
from tenants import queries, services
from tenants.errors import KeyExists, KeyExpired, KeyNotFound
from tenants.models import KeyValue
from tenants.values import value_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NAMESPACE = "company.team"


def _set(actor: Actor, key: str, value: Any, namespace: str = NAMESPACE, **rest: Any) -> KeyValue:
    return services.set_key(
        actor=actor, namespace=namespace, key=key, value=value_of(value), **rest
    )


def _expire(key: str) -> None:
    KeyValue.objects.filter(key=key).update(expiration=now() - timedelta(seconds=1))


def test_a_value_is_read_back_with_its_type_in_one_query(
    actor: Actor, django_assert_num_queries: Any
) -> None:
    _set(actor, "config", {"b": 1, "a": 2})

    with django_assert_num_queries(1):
        value = queries.read_key(tenant="main", namespace=NAMESPACE, key="config")

    assert list(value.items()) == [("b", 1), ("a", 2)]


def test_a_missing_key_gives_the_default() -> None:
    value = queries.read_key(tenant="main", namespace=NAMESPACE, key="none", default="d")

    assert value == "d"


def test_a_key_of_a_parent_is_read_only_when_asked_for(
    actor: Actor, django_assert_num_queries: Any
) -> None:
    _set(actor, "k", "far", namespace="company")
    _set(actor, "k", "near", namespace=NAMESPACE)
    child = f"{NAMESPACE}.child"

    with django_assert_num_queries(1):
        inherited = queries.read_key(tenant="main", namespace=child, key="k", inherit=True)

    assert inherited == "near"
    assert queries.read_key(tenant="main", namespace=child, key="k") is None


def test_a_second_value_makes_a_new_revision(actor: Actor) -> None:
    first = _set(actor, "k", 1)

    second = _set(actor, "k", "two")

    assert (first.revision, second.revision) == (1, 2)
    assert second.type == "STRING"
    assert second.created == first.created
    assert second.updated >= first.updated


def test_a_value_that_is_there_is_kept_when_it_may_not_be_overwritten(actor: Actor) -> None:
    _set(actor, "k", 1, overwrite=False)

    with pytest.raises(KeyExists):
        _set(actor, "k", 2, overwrite=False)

    assert queries.read_key(tenant="main", namespace=NAMESPACE, key="k") == 1


def test_an_expired_value_does_not_stand_in_the_way(actor: Actor) -> None:
    _set(actor, "k", 1, ttl=timedelta(hours=1))
    _expire("k")

    _set(actor, "k", 2, overwrite=False)

    assert queries.read_key(tenant="main", namespace=NAMESPACE, key="k") == 2


def test_an_expired_value_is_gone_and_unlisted(actor: Actor) -> None:
    _set(actor, "k", 1, ttl=timedelta(hours=1))
    _expire("k")

    with pytest.raises(KeyExpired):
        queries.get_key(namespace=NAMESPACE, key="k")
    assert queries.read_key(tenant="main", namespace=NAMESPACE, key="k") is None
    assert list(queries.keys_of(namespace=NAMESPACE)) == []
    assert not queries.has_key(namespace=NAMESPACE, key="k")


def test_a_new_value_without_time_to_live_stays_for_ever(actor: Actor) -> None:
    _set(actor, "k", 1, ttl=timedelta(hours=1))

    assert _set(actor, "k", 2).expiration is None


def test_a_description_stays_until_another_comes(actor: Actor) -> None:
    _set(actor, "k", 1, description="what it is")

    assert _set(actor, "k", 2).description == "what it is"
    assert _set(actor, "k", 3, description="").description == ""


@pytest.mark.parametrize("ttl", [timedelta(0), timedelta(seconds=-1), timedelta.max])
def test_a_time_to_live_that_is_none_is_refused(actor: Actor, ttl: timedelta) -> None:
    with pytest.raises(Invalid):
        _set(actor, "k", 1, ttl=ttl)


@pytest.mark.parametrize("key", ["", " k", "k ", "a/b", "a\\b", "ä", "a\n", "k" * 257])
def test_a_key_that_is_no_name_is_refused(actor: Actor, key: str) -> None:
    with pytest.raises(Invalid):
        _set(actor, key, 1)


def test_deleting_says_whether_there_was_a_value(actor: Actor) -> None:
    _set(actor, "k", 1)

    assert services.delete_key(actor=actor, namespace=NAMESPACE, key="k") is True
    assert services.delete_key(actor=actor, namespace=NAMESPACE, key="k") is False
    with pytest.raises(KeyNotFound):
        queries.get_key(namespace=NAMESPACE, key="k")


def test_deleting_many_gives_those_that_were_there(actor: Actor) -> None:
    for key in ("a", "b", "old"):
        _set(actor, key, 1)
    _expire("old")

    deleted = services.delete_keys(
        actor=actor, namespace=NAMESPACE, keys=["b", "none", "a", "old", "b"]
    )

    assert deleted == ["b", "a"]
    assert not KeyValue.objects.exists()


def test_too_many_keys_are_not_deleted_at_once(actor: Actor) -> None:
    with pytest.raises(Invalid):
        services.delete_keys(actor=actor, namespace=NAMESPACE, keys=["k"] * 1001)


def test_keys_are_listed_by_prefix(actor: Actor) -> None:
    for key in ("test_b", "test_a", "other"):
        _set(actor, key, 1)

    assert queries.keys_with_prefix(namespace=NAMESPACE, prefix="test_") == ["test_a", "test_b"]


def test_inherited_keys_are_those_of_the_nearest_parent_and_not_ones_own(actor: Actor) -> None:
    _set(actor, "both", 1, namespace="company")
    _set(actor, "both", 2, namespace=NAMESPACE)
    _set(actor, "far", 1, namespace="company")
    _set(actor, "own", 1, namespace="company")
    _set(actor, "own", 1, namespace=f"{NAMESPACE}.child")
    _set(actor, "elsewhere", 1, namespace="companyx")

    found = queries.inherited_keys(namespace=f"{NAMESPACE}.child")

    assert [(row.namespace, row.key) for row in found] == [(NAMESPACE, "both"), ("company", "far")]


def test_expired_keys_are_purged(actor: Actor) -> None:
    _set(actor, "old", 1, ttl=timedelta(hours=1))
    _set(actor, "new", 1)
    _expire("old")

    assert services.purge_expired_keys(namespaces=["elsewhere"]) == 0
    assert services.purge_expired_keys() == 1
    assert queries.keys_with_prefix(namespace=NAMESPACE) == ["new"]


def test_tenants_do_not_see_each_others_keys(actor: Actor) -> None:
    _set(actor, "k", 1)

    with tenant_scope("other"):
        assert not KeyValue.objects.exists()
        _set(actor, "k", 2)

    assert queries.read_key(tenant="main", namespace=NAMESPACE, key="k") == 1
    assert queries.read_key(tenant="other", namespace=NAMESPACE, key="k") == 2


def test_the_audit_log_tells_of_the_key_and_not_of_its_value(actor: Actor) -> None:
    _set(actor, "k", "hush")
    _set(actor, "k", "hush again")
    services.delete_key(actor=actor, namespace=NAMESPACE, key="k")

    entries = list(AuditEntry.objects.order_by("id"))

    assert [entry.type for entry in entries] == ["CREATE", "UPDATE", "DELETE"]
    assert {entry.resource for entry in entries} == {"KVSTORE"}
    assert {entry.object_id for entry in entries} == {"k"}
    assert "hush" not in json.dumps([[entry.detail, entry.applied_patch] for entry in entries])


def test_what_a_task_sets_is_not_audited() -> None:
    _set(SYSTEM, "k", 1)

    assert not AuditEntry.objects.exists()


def test_outside_a_tenant_nothing_is_written(actor: Actor) -> None:
    from common import tenancy

    token = tenancy._current.set(None)
    try:
        with pytest.raises(NoTenant):
            _set(actor, "k", 1)
    finally:
        tenancy._current.reset(token)
