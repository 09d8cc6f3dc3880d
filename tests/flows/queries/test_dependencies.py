"""Flows that hang on each other."""

from common.actor import Actor
from flows.choices import LinkKind
from flows.queries.dependencies import (
    Dependency,
    dependencies_of_flow,
    dependencies_of_namespace,
)
from flows.services import create_flow
from tests.flows.sources import calling, flow

NAMESPACE = "company.team"


def chain(actor: Actor) -> None:
    """a → b → c, and d, which nobody knows."""
    create_flow(actor=actor, source=calling("a", "b"))
    create_flow(actor=actor, source=calling("b", "c"))
    create_flow(actor=actor, source=flow("c"))
    create_flow(actor=actor, source=flow("d"))


def names(keys: tuple[tuple[str, str], ...]) -> set[str]:
    return {flow_id for _, flow_id in keys}


def test_the_flows_next_to_one_are_found_in_both_directions(tenant: str, actor: Actor) -> None:
    chain(actor)

    graph = dependencies_of_flow(NAMESPACE, "b")

    assert names(graph.flows) == {"a", "b", "c"}
    assert set(graph.dependencies) == {
        Dependency((NAMESPACE, "a"), (NAMESPACE, "b"), LinkKind.FLOW_TASK),
        Dependency((NAMESPACE, "b"), (NAMESPACE, "c"), LinkKind.FLOW_TASK),
    }


def test_only_what_comes_after_may_be_asked_for(tenant: str, actor: Actor) -> None:
    chain(actor)

    assert names(dependencies_of_flow(NAMESPACE, "b", destination_only=True).flows) == {"b", "c"}


def test_the_whole_chain_may_be_asked_for(tenant: str, actor: Actor) -> None:
    chain(actor)

    assert names(dependencies_of_flow(NAMESPACE, "a").flows) == {"a", "b"}
    assert names(dependencies_of_flow(NAMESPACE, "a", expand_all=True).flows) == {"a", "b", "c"}


def test_a_flow_without_relations_still_has_its_own_node(tenant: str, actor: Actor) -> None:
    chain(actor)

    assert names(dependencies_of_flow(NAMESPACE, "d").flows) == {"d"}


def test_flows_that_are_named_but_not_there_are_left_out(tenant: str, actor: Actor) -> None:
    create_flow(actor=actor, source=calling("a", "nobody"))

    graph = dependencies_of_flow(NAMESPACE, "a")

    assert names(graph.flows) == {"a"}
    assert graph.dependencies == ()


def test_a_namespace_shows_all_its_flows_and_those_next_to_them(tenant: str, actor: Actor) -> None:
    chain(actor)
    create_flow(
        actor=actor,
        source=calling("x", "a", NAMESPACE).replace(
            "namespace: company.team\ntasks", "namespace: other\ntasks"
        ),
    )

    graph = dependencies_of_namespace(NAMESPACE)

    assert {key[1] for key in graph.flows} == {"a", "b", "c", "d", "x"}
    assert len(graph.dependencies) == 3
    assert len(dependencies_of_namespace(NAMESPACE, destination_only=True).dependencies) == 2
