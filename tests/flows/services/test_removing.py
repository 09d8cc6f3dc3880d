"""Deleting flows and old revisions."""

import pytest

from common.actor import Actor
from common.tenancy import tenant_scope
from flows.errors import FlowNotFound, RevisionInUse, RevisionNotFound
from flows.models import Flow, FlowLink, FlowRevision, FlowTrigger
from flows.queries import find_flow, flow_revisions, get_flow
from flows.services import (
    create_flow,
    delete_flow,
    delete_flows,
    delete_revisions,
    remove_all_flows,
    update_flow,
)
from tenants.models import Namespace
from tests.flows.sources import calling, flow


def test_a_deletion_is_a_revision(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())

    deleted = delete_flow(actor=actor, namespace="company.team", flow_id="hello")

    assert (deleted.revision, deleted.is_deleted) == (2, True)
    assert find_flow("main", "company.team", "hello") is None
    assert get_flow("main", "company.team", "hello", allow_deleted=True).is_deleted
    revisions = flow_revisions("main", "company.team", "hello", include_deleted=True)
    assert [item.is_deleted for item in revisions] == [False, True]


def test_triggers_links_and_an_undeclared_namespace_go_with_the_flow(
    tenant: str, actor: Actor
) -> None:
    more = (
        "triggers:\n  - {id: t, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 0 * * *'}\n"
    )
    create_flow(actor=actor, source=calling("parent", "child") + more)

    delete_flow(actor=actor, namespace="company.team", flow_id="parent")

    assert not FlowTrigger.objects.exists()
    assert not FlowLink.objects.exists()
    assert not Namespace.objects.exists()


def test_several_are_deleted_all_or_none(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow("a"))

    with pytest.raises(FlowNotFound):
        delete_flows(actor=actor, flows=[("company.team", "a"), ("company.team", "b")])

    assert find_flow("main", "company.team", "a") is not None


def test_old_revisions_can_go_but_not_the_latest(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    for number in range(2):
        update_flow(
            actor=actor,
            namespace="company.team",
            flow_id="hello",
            source=f"{flow()}# {number}\n",
        )

    delete_revisions(actor=actor, namespace="company.team", flow_id="hello", revisions=[1])

    assert [item.revision for item in flow_revisions("main", "company.team", "hello")] == [2, 3]
    with pytest.raises(RevisionInUse):
        delete_revisions(actor=actor, namespace="company.team", flow_id="hello", revisions=[3])
    with pytest.raises(RevisionNotFound):
        delete_revisions(actor=actor, namespace="company.team", flow_id="hello", revisions=[1, 2])
    assert FlowRevision.objects.count() == 2


def test_a_tenant_that_goes_takes_its_flows_only(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    with tenant_scope("second"):
        create_flow(actor=actor, source=flow())
        assert remove_all_flows() == 1
        assert not FlowRevision.objects.exists()

    assert Flow.objects.count() == 1
