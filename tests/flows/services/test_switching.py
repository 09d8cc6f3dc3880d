"""Disabling and enabling."""

import pytest

from common.actor import Actor
from common.errors import Invalid
from flows.errors import FlowNotFound
from flows.models import Flow
from flows.services import create_flow, set_flow_disabled, set_flows_disabled
from flows.services.switching import with_disabled
from tests.flows.sources import flow


def test_the_source_says_that_a_flow_is_disabled(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())

    changed = set_flow_disabled(
        actor=actor, namespace="company.team", flow_id="hello", is_disabled=True
    )

    assert (changed.revision, changed.is_disabled) == (2, True)
    assert changed.source == flow() + "disabled: true\n"
    assert Flow.objects.get().is_disabled


def test_a_flow_that_is_so_already_gets_no_revision(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow())

    same = set_flow_disabled(
        actor=actor, namespace="company.team", flow_id="hello", is_disabled=False
    )

    assert same.revision == 1


def test_all_or_none_are_switched(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=flow("a"))

    with pytest.raises(FlowNotFound):
        set_flows_disabled(
            actor=actor,
            flows=[("company.team", "a"), ("company.team", "b")],
            is_disabled=True,
        )

    assert not Flow.objects.get().is_disabled


def test_only_the_line_of_the_flow_itself_is_changed() -> None:
    source = "id: a\ndisabled:   true # why\ntasks:\n  - id: t\n    disabled: true\n"

    assert with_disabled(source, is_disabled=False) == (
        "id: a\ndisabled: false\ntasks:\n  - id: t\n    disabled: true\n"
    )
    assert with_disabled("id: a", is_disabled=True) == "id: a\ndisabled: true\n"


def test_a_source_in_braces_is_left_to_its_author() -> None:
    with pytest.raises(Invalid, match="braces"):
        with_disabled('{"id": "a"}', is_disabled=True)
