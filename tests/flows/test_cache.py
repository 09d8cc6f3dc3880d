"""Compiled documents in memory."""

from typing import Any

import pytest

from common.actor import Actor
from flows.cache import BoundedCache, compiled_flow, forget_compiled_flows
from flows.errors import FlowNotFound, RevisionNotFound
from flows.services import create_flow, delete_flow, update_flow
from tenants.models import Namespace
from tests.flows.sources import LOG, flow


def test_a_compiled_flow_is_asked_for_once(
    tenant: str, actor: Actor, django_assert_num_queries: Any
) -> None:
    create_flow(actor=actor, source=flow())
    first = compiled_flow("main", "company.team", "hello", 1)

    with django_assert_num_queries(0):
        again = compiled_flow("main", "company.team", "hello", 1)

    assert again is first
    assert (first.tenant_id, first.revision) == ("main", 1)


def test_each_revision_has_its_own_document(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    update_flow(
        actor=actor,
        namespace="company.team",
        flow_id="hello",
        source=flow(more="description: new\n"),
    )

    assert compiled_flow("main", "company.team", "hello", 1).description is None
    assert compiled_flow("main", "company.team", "hello", 2).description == "new"


def test_executions_of_a_deleted_flow_still_find_their_revision(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    delete_flow(actor=actor, namespace="company.team", flow_id="hello")

    assert compiled_flow("main", "company.team", "hello", 1).id == "hello"


def test_what_is_not_there_is_not_found(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())

    with pytest.raises(RevisionNotFound):
        compiled_flow("main", "company.team", "hello", 9)
    with pytest.raises(FlowNotFound):
        compiled_flow("other", "company.team", "hello", 1)


def test_changed_defaults_of_the_namespace_make_another_document(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    assert not compiled_flow("main", "company.team", "hello", 1).tasks[0].disabled

    Namespace.objects.filter(name="company.team").update(
        plugin_defaults=[{"type": LOG, "values": {"disabled": True}}]
    )
    forget_compiled_flows()

    assert compiled_flow("main", "company.team", "hello", 1).tasks[0].disabled


def test_the_cache_is_bounded_and_keeps_what_was_used_last() -> None:
    cache: BoundedCache[str] = BoundedCache(2)
    cache.put(("a",), "1")
    cache.put(("b",), "2")
    cache.get(("a",))
    cache.put(("c",), "3")

    assert [cache.get((key,)) for key in "abc"] == ["1", None, "3"]
    assert len(cache) == 2
