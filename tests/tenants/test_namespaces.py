from collections.abc import Iterator
from typing import Any

import pytest

from audit.models import AuditEntry
from common.actor import Actor
from common.errors import Invalid
from common.tenancy import tenant_scope
from tenants import hooks, queries, services
from tenants.documents import NamespaceValues
from tenants.errors import NamespaceNotAllowed, NamespaceNotFound
from tenants.models import Namespace, Tenant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]


def _create(actor: Actor, namespace: str, **values: Any) -> Namespace:
    return services.create_namespace(
        actor=actor, namespace=namespace, values=NamespaceValues(**values)
    )


def _names(*, existing_only: bool = False) -> list[str]:
    return queries.namespace_names(existing_only=existing_only)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Names of namespaces that have flows."""
    names: set[str] = set()
    monkeypatch.setattr(hooks, "_namespace_uses", {"flows": lambda tenant, name: name in names})
    yield names


def test_a_namespace_is_created_with_its_parents_as_undeclared(actor: Actor) -> None:
    _create(actor, "company.team", description="ours", variables={"b": 1, "a": {"x": None}})

    row = queries.find_namespace("company.team")

    assert (row.is_declared, row.description) == (True, "ours")
    assert list(row.variables) == ["b", "a"]
    assert _names() == ["company", "company.team"]
    assert _names(existing_only=True) == ["company.team"]


def test_a_namespace_cannot_be_created_twice(actor: Actor) -> None:
    _create(actor, "company")

    with pytest.raises(Invalid, match="already exists"):
        _create(actor, "company")


def test_a_namespace_that_came_with_a_flow_can_be_created(actor: Actor) -> None:
    services.ensure_namespace(namespace="company.team")

    _create(actor, "company.team", description="now ours")

    assert queries.find_namespace("company.team").description == "now ours"


@pytest.mark.parametrize(
    "name", ["", "Upper", "a..b", ".a", "a.", "a._files", "a/b", "ä", "n" * 151, "-a"]
)
def test_a_name_that_cannot_be_a_namespace_is_refused(actor: Actor, name: str) -> None:
    with pytest.raises(Invalid):
        _create(actor, name)
    with pytest.raises(Invalid):
        services.ensure_namespace(namespace=name)


@pytest.mark.parametrize(
    "values",
    [
        {"variables": ["a"]},
        {"variables": {"a": "x" * 300_000}},
        {"plugin_defaults": {"type": "a"}},
        {"plugin_defaults": [{"values": {}}]},
        {"plugin_defaults": [{"type": "a", "values": []}]},
        {"allowed_namespaces": [""]},
        {"storage_type": "s" * 101},
        {"description": "d" * 10_001},
    ],
)
def test_values_that_make_no_sense_are_refused_with_their_place(
    actor: Actor, values: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        _create(actor, "company", **values)

    assert caught.value.violations[0].path


def test_an_update_replaces_all(actor: Actor) -> None:
    _create(actor, "company", description="first", variables={"a": 1})

    services.update_namespace(
        actor=actor, namespace="company", values=NamespaceValues(description="second")
    )

    row = queries.find_namespace("company")
    assert (row.description, row.variables) == ("second", None)


def test_a_namespace_that_is_nowhere_is_not_found(actor: Actor) -> None:
    with pytest.raises(NamespaceNotFound):
        queries.find_namespace("nowhere")
    with pytest.raises(NamespaceNotFound):
        services.update_namespace(actor=actor, namespace="nowhere", values=NamespaceValues())
    with pytest.raises(NamespaceNotFound):
        services.delete_namespace(actor=actor, namespace="nowhere")


def test_a_deleted_namespace_goes_with_parents_that_nobody_created(actor: Actor) -> None:
    _create(actor, "other")
    _create(actor, "company.team.child")

    services.delete_namespace(actor=actor, namespace="company.team.child")

    assert _names() == ["other"]


def test_a_deleted_namespace_with_flows_stays_without_its_settings(
    actor: Actor, used: set[str]
) -> None:
    _create(actor, "company.team", description="ours")
    used.add("company.team")

    services.delete_namespace(actor=actor, namespace="company.team")

    row = queries.find_namespace("company.team")
    assert (row.is_declared, row.description) == (False, "")


def test_a_namespace_of_flows_goes_with_its_last_flow(used: set[str]) -> None:
    services.ensure_namespace(namespace="company.team")
    used.add("company.team")

    services.release_namespace(namespace="company.team")
    there = _names()
    used.clear()
    services.release_namespace(namespace="company.team")

    assert there == ["company", "company.team"]
    assert _names() == []


def test_a_namespace_that_was_created_does_not_go_with_its_last_flow(
    actor: Actor, used: set[str]
) -> None:
    _create(actor, "company")

    services.release_namespace(namespace="company")

    assert _names() == ["company"]


def test_ensuring_a_namespace_that_is_there_is_one_query(
    actor: Actor, django_assert_num_queries: Any
) -> None:
    services.ensure_namespace(namespace="company.team")

    with django_assert_num_queries(2):
        services.ensure_namespace(namespace="company.team")


def test_a_tenant_can_require_namespaces_to_be_created_first(actor: Actor) -> None:
    Tenant.objects.create(id="main", name="main", require_existing_namespace=True)

    with pytest.raises(Invalid, match="create it first"):
        services.ensure_namespace(namespace="company")
    _create(actor, "company")
    services.ensure_namespace(namespace="company")

    assert _names() == ["company"]


def test_the_instance_can_require_namespaces_to_be_created_first(settings: Any) -> None:
    settings.KESTRA_REQUIRE_EXISTING_NAMESPACE = True

    with pytest.raises(Invalid, match="create it first"):
        services.ensure_namespace(namespace="company")


def test_variables_of_parents_are_inherited_and_overlaid(
    actor: Actor, django_assert_num_queries: Any
) -> None:
    _create(actor, "company", variables={"db": {"host": "far", "port": 1}, "far": True})
    _create(actor, "company.team", variables={"db": {"host": "near"}, "list": [1]})
    _create(actor, "company.team.child", variables={"own": 1})

    with django_assert_num_queries(1):
        merged = queries.merged_variables("company.team.child")

    assert merged == {"db": {"host": "near", "port": 1}, "far": True, "list": [1], "own": 1}
    assert list(queries.inherited_variables("company.team.child")) == ["company", "company.team"]
    assert queries.inherited_variables("company") == {}


def test_plugin_defaults_come_outermost_first(actor: Actor) -> None:
    near, far = [{"type": "a", "values": {"x": 1}}], [{"type": "a", "forced": True}]
    _create(actor, "company.team", plugin_defaults=near)
    _create(actor, "company", plugin_defaults=far)

    found = queries.plugin_defaults_of("company.team.child")

    assert found == [("company", far), ("company.team", near)]


def test_everybody_may_use_a_namespace_that_lists_nobody(actor: Actor) -> None:
    _create(actor, "company")

    assert queries.is_allowed_namespace("company", from_namespace="other")
    assert queries.is_allowed_namespace("nowhere", from_namespace="other")


def test_only_listed_namespaces_may_use_one_that_lists_some(actor: Actor) -> None:
    _create(actor, "company", allowed_namespaces=["friend", "friend"])

    queries.require_allowed_namespace("company", from_namespace="friend")
    queries.require_allowed_namespace("company", from_namespace="company")
    for other in ("stranger", "friend.child"):
        with pytest.raises(NamespaceNotAllowed):
            queries.require_allowed_namespace("company", from_namespace=other)
    assert queries.find_namespace("company").allowed_namespaces == ["friend"]


def test_names_are_completed(actor: Actor) -> None:
    for name in ("company.team", "other"):
        _create(actor, name)

    assert queries.namespace_names(q="TEAM") == ["company.team"]
    assert queries.namespace_names(q="team", ids=["other"]) == ["company.team", "other"]
    assert queries.namespace_names(ids=["other", "nowhere"]) == ["other"]


def test_tenants_have_namespaces_of_their_own(actor: Actor) -> None:
    _create(actor, "company")

    with tenant_scope("other"):
        assert _names() == []
        _create(actor, "company")


def test_the_audit_log_does_not_tell_what_backends_are_given(actor: Actor) -> None:
    _create(
        actor,
        "company",
        description="ours",
        secret_type="vault",
        secret_configuration={"token": "hush"},
        storage_configuration={"access": "hush"},
        settings={"sdkDefaultAuthentication": {"apiToken": "hush"}},
    )

    entry = AuditEntry.objects.get()

    assert (entry.type, entry.resource, entry.object_id) == ("CREATE", "NAMESPACE", "company")
    assert "hush" not in str(entry.applied_patch)
    assert "ours" in str(entry.applied_patch)
