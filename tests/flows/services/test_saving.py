"""Creating and changing flows."""

import pytest

from audit.models import AuditEntry
from common.actor import Actor
from common.errors import Invalid
from common.tenancy import tenant_scope
from flows.errors import FlowExists, FlowNotFound, IdentityChanged
from flows.models import Flow, FlowLink, FlowRevision, FlowTrigger
from flows.queries import flow_revisions, get_flow
from flows.services import create_flow, delete_flow, update_flow
from tenants.models import Namespace
from tests.flows.sources import LOG, calling, flow

SCHEDULE = "io.kestra.plugin.core.trigger.Schedule"


def test_a_flow_is_saved_byte_for_byte(tenant: str, actor: Actor) -> None:
    source = flow(more="labels: {team: data}\r\n# the end, without a line end")

    saved = create_flow(actor=actor, source=source)

    assert (saved.revision, saved.source, saved.updated_by) == (1, source, "ann@example.com")
    assert get_flow("main", "company.team", "hello").definition["labels"] == {"team": "data"}
    row = Flow.objects.get()
    assert (row.labels, row.task_count, row.is_disabled) == ({"team": "data"}, 1, False)
    assert Namespace.objects.filter(name="company.team", is_declared=False).exists()


def test_each_change_of_the_source_is_a_revision_and_the_same_source_is_none(
    tenant: str, actor: Actor
) -> None:
    create_flow(actor=actor, source=flow())

    same = update_flow(actor=actor, namespace="company.team", flow_id="hello", source=flow())
    changed = update_flow(
        actor=actor, namespace="company.team", flow_id="hello", source=flow() + "# more\n"
    )

    assert (same.revision, changed.revision) == (1, 2)
    assert [item.source for item in flow_revisions("main", "company.team", "hello")] == [
        flow(),
        flow() + "# more\n",
    ]


def test_every_change_leaves_a_line_in_the_audit_log(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    update_flow(actor=actor, namespace="company.team", flow_id="hello", source=flow())
    update_flow(actor=actor, namespace="company.team", flow_id="hello", source=flow() + "#\n")
    delete_flow(actor=actor, namespace="company.team", flow_id="hello")

    lines = list(AuditEntry.objects.order_by("pk").values_list("type", "resource", "object_id"))

    assert lines == [(word, "FLOW", "hello") for word in ("CREATE", "UPDATE", "DELETE")]


def test_an_id_that_is_taken_is_refused_and_nothing_is_written(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())

    with pytest.raises(FlowExists) as caught:
        create_flow(actor=actor, source=flow() + "#\n")

    assert caught.value.violations[0].path == "flow.id"
    assert FlowRevision.objects.count() == 1


def test_the_same_id_may_be_taken_in_another_namespace_and_tenant(
    tenant: str, actor: Actor
) -> None:
    create_flow(actor=actor, source=flow())
    create_flow(actor=actor, source=flow(namespace="company.other"))
    with tenant_scope("second"):
        create_flow(actor=actor, source=flow())
        assert Flow.objects.count() == 1

    assert Flow.objects.count() == 2


def test_a_flow_that_was_deleted_counts_on_when_it_is_made_again(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())
    delete_flow(actor=actor, namespace="company.team", flow_id="hello")

    assert create_flow(actor=actor, source=flow()).revision == 3


@pytest.mark.parametrize("source", [flow("other"), flow(namespace="company.other")])
def test_id_and_namespace_never_change(tenant: str, actor: Actor, source: str) -> None:
    create_flow(actor=actor, source=flow())

    with pytest.raises(IdentityChanged):
        update_flow(actor=actor, namespace="company.team", flow_id="hello", source=source)


def test_what_is_not_there_cannot_be_changed(tenant: str, actor: Actor) -> None:
    with pytest.raises(FlowNotFound):
        update_flow(actor=actor, namespace="company.team", flow_id="hello", source=flow())


def test_a_source_that_does_not_hold_changes_nothing(tenant: str, actor: Actor) -> None:
    with pytest.raises(Invalid):
        create_flow(actor=actor, source=flow(more="nonsense: 1\n"))

    assert not FlowRevision.objects.exists()
    assert not Namespace.objects.exists()


def test_triggers_are_there_as_soon_as_the_flow_is_saved(tenant: str, actor: Actor) -> None:
    def triggers(*ids: str) -> str:
        return "triggers:\n" + "".join(
            f"  - {{id: {name}, type: {SCHEDULE}, cron: '0 0 * * *', disabled: true}}\n"
            for name in ids
        )

    create_flow(actor=actor, source=flow(more=triggers("a", "b")))
    created = FlowTrigger.objects.get(trigger_id="b").created
    update_flow(
        actor=actor,
        namespace="company.team",
        flow_id="hello",
        source=flow(more=triggers("b", "c")),
    )

    rows = list(FlowTrigger.objects.values_list("trigger_id", "type", "is_disabled"))
    assert rows == [("b", SCHEDULE, True), ("c", SCHEDULE, True)]
    kept = FlowTrigger.objects.get(trigger_id="b")
    assert (kept.created, kept.flow_revision) == (created, 2)


def test_links_to_other_flows_follow_the_source(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=calling("parent", "child"))
    assert FlowLink.objects.values_list("other_flow_id", flat=True).get() == "child"

    update_flow(actor=actor, namespace="company.team", flow_id="parent", source=flow("parent"))

    assert not FlowLink.objects.exists()


def test_defaults_of_the_namespace_count_when_a_source_is_checked(
    tenant: str, actor: Actor
) -> None:
    source = flow().replace("    message: hi\n", "")
    with pytest.raises(Invalid):
        create_flow(actor=actor, source=source)

    Namespace.objects.create(
        name="company", plugin_defaults=[{"type": LOG, "values": {"message": "x"}}]
    )

    assert create_flow(actor=actor, source=source).revision == 1
