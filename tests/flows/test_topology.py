"""Links that a source declares."""

from flows.choices import LinkKind
from flows.parsing import parse_flow
from flows.topology import Link, links_of
from tests.flows.sources import calling


def links(source: str) -> set[Link]:
    parsed = parse_flow(source)
    return links_of(parsed.document, parsed.value)


def test_a_subflow_is_a_link() -> None:
    assert links(calling("a", "b")) == {Link(LinkKind.FLOW_TASK, "company.team", "b")}


def test_the_flows_own_namespace_may_be_an_expression_and_others_are_not_known() -> None:
    source = calling("a", "b")

    own = source.replace("    namespace: company.team", "    namespace: '{{ flow.namespace }}'")
    unknown = source.replace("    flowId: b", "    flowId: '{{ inputs.other }}'")

    assert links(own) == {Link(LinkKind.FLOW_TASK, "company.team", "b")}
    assert links(unknown) == set()


def test_a_trigger_on_another_flow_is_a_link() -> None:
    document = parse_flow(calling("a", "b")).document
    condition = {"type": "x.ExecutionFlow", "namespace": "other", "flowId": "source"}
    trigger = {"id": "t", "type": "io.kestra.plugin.core.trigger.Flow", "conditions": [condition]}
    webhook = {"id": "w", "type": "io.kestra.plugin.core.trigger.Webhook", "inputs": condition}

    found = links_of(document, {"triggers": [trigger, webhook]})

    assert Link(LinkKind.FLOW_TRIGGER, "other", "source") in found
    assert len(found) == 2
