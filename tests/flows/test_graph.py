"""The picture of a flow."""

from types import SimpleNamespace

from flows.graph import CLUSTER_END, CLUSTER_ROOT, TRIGGER, definition_at, graph_of
from flows.parsing import parse_flow
from tests.flows.sources import LOG, SEQUENTIAL, flow

_TASK = "{{id: {0}, type: {1}, message: x}}"


def task(name: str) -> str:
    return _TASK.format(name, LOG)


def test_a_flow_of_one_task_has_three_nodes_and_two_edges() -> None:
    graph = graph_of(parse_flow(flow()).document)

    assert [node.uid for node in graph.nodes] == ["root.@start", "root.greet", "root.@end"]
    assert [node.type for node in graph.nodes][::2] == [CLUSTER_ROOT, CLUSTER_END]
    assert [(edge.source, edge.target, edge.relation) for edge in graph.edges] == [
        ("root.@start", "root.greet", None),
        ("root.greet", "root.@end", "SEQUENTIAL"),
    ]


def test_a_flowable_is_a_cluster_between_its_neighbours() -> None:
    source = flow(
        more=f"  - id: group\n    type: {SEQUENTIAL}\n    tasks:\n      - {task('inner')}\n"
        f"  - {task('last')}\n"
    )

    graph = graph_of(parse_flow(source).document)

    edges = {(edge.source, edge.target) for edge in graph.edges}
    assert ("root.greet", "root.group.@start") in edges
    assert ("root.group.@start", "root.group.group") in edges
    assert ("root.group.group", "root.group.inner") in edges
    assert ("root.group.@end", "root.last") in edges
    [cluster] = graph.clusters
    assert cluster.nodes == (
        "root.group.@start",
        "root.group.group",
        "root.group.inner",
        "root.group.@end",
    )
    assert graph.flowables == ("group",)


def test_cases_errors_and_parallel_tasks_have_their_relations() -> None:
    source = (
        "id: a\nnamespace: b\ntasks:\n"
        "  - id: choose\n    type: io.kestra.plugin.core.flow.Switch\n    value: x\n"
        f"    cases:\n      A: [{task('one')}]\n    defaults: [{task('other')}]\n"
        "  - id: both\n    type: io.kestra.plugin.core.flow.Parallel\n"
        f"    tasks: [{task('left')}, {task('right')}]\n"
        f"errors: [{task('rescue')}]\n"
    )

    graph = graph_of(parse_flow(source).document)

    found = {(edge.target, edge.relation, edge.value) for edge in graph.edges}
    assert ("root.choose.one", "CHOICE", "A") in found
    assert ("root.choose.other", "CHOICE", "defaults") in found
    assert ("root.both.left", "PARALLEL", None) in found
    assert ("root.rescue", "ERROR", None) in found
    assert {node.uid for node in graph.nodes if node.is_error} == {"root.rescue"}


def test_tasks_of_a_dag_hang_on_those_that_they_need() -> None:
    source = (
        "id: a\nnamespace: b\ntasks:\n  - id: dag\n    type: io.kestra.plugin.core.flow.Dag\n"
        f"    tasks:\n      - task: {task('one')}\n"
        f"      - task: {task('two')}\n        dependsOn: [one]\n"
    )
    parsed = parse_flow(source)

    graph = graph_of(parsed.document, source=parsed.value)

    edges = {(edge.source, edge.target) for edge in graph.edges}
    assert ("root.dag.one", "root.dag.two") in edges
    assert ("root.dag.two", "root.dag.@end") in edges
    assert ("root.dag.one", "root.dag.@end") not in edges
    definitions = {node.uid: node.definition for node in graph.nodes}
    assert (definitions["root.dag.two"] or {})["id"] == "two"


def test_triggers_stand_before_the_flow() -> None:
    source = flow(
        more="triggers:\n  - id: daily\n    type: io.kestra.plugin.core.trigger.Schedule\n"
        "    cron: '0 0 * * *'\n"
    )
    parsed = parse_flow(source)

    graph = graph_of(parsed.document, source=parsed.value)

    assert [node.uid for node in graph.nodes if node.type == TRIGGER] == ["Triggers.daily"]
    assert ("Triggers.@end", "root.@start") in {(e.source, e.target) for e in graph.edges}


def test_task_runs_are_laid_over_their_nodes() -> None:
    run = SimpleNamespace(task_id="greet")

    graph = graph_of(parse_flow(flow()).document, task_runs=[run])

    assert [node.task_run for node in graph.nodes] == [None, run, None]


def test_paths_lead_to_the_source_of_a_task() -> None:
    source = {"tasks": [{"type": "x", "cases": {"A": [{"id": "t", "type": "y"}]}}]}

    assert definition_at(source, "tasks[0].cases.A[0]") == {"id": "t", "type": "y"}
    assert definition_at(source, "tasks[3]") is None
    assert definition_at(source, "tasks[0].cases.B[0]") is None
