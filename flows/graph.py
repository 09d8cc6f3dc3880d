"""The picture of a flow: nodes, edges and clusters, from the document alone or with the task runs
of an execution laid over it."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from flows.schema import FlowDocument
from plugins.contracts.plan import Branch, BranchKind
from plugins.contracts.task import FlowableTask, Task
from plugins.contracts.trigger import Trigger

_PACKAGE = "io.kestra.core.models.hierarchies."
TASK = f"{_PACKAGE}GraphTask"
SUBFLOW = f"{_PACKAGE}SubflowGraphTask"
TRIGGER = f"{_PACKAGE}GraphTrigger"
CLUSTER = f"{_PACKAGE}GraphCluster"
SUBFLOW_CLUSTER = f"{_PACKAGE}SubflowGraphCluster"
CLUSTER_ROOT = f"{_PACKAGE}GraphClusterRoot"
CLUSTER_END = f"{_PACKAGE}GraphClusterEnd"
ROOT = "root"
TRIGGERS = "Triggers"

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Node:
    """`definition` is the task or trigger as the source has it."""

    uid: str
    type: str
    definition: Mapping[str, Any] | None = None
    task_id: str | None = None
    task_run: Any = None
    values: tuple[str, ...] = ()
    relation: BranchKind | None = None
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """`relation` is absent where a cluster begins."""

    source: str
    target: str
    relation: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    uid: str
    node: Node
    nodes: tuple[str, ...]
    parents: tuple[str, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class FlowGraph:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    clusters: tuple[Cluster, ...]
    flowables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subflow:
    """A flow that a task starts, and the same as plain values."""

    document: FlowDocument
    source: Mapping[str, Any]


FindSubflow = Callable[[Task], Subflow | None]
"""The flow that a task starts; None where it is not known before the task runs."""


def graph_of(
    document: FlowDocument,
    *,
    source: Mapping[str, Any] | None = None,
    task_runs: Sequence[Any] = (),
    expanded: Collection[str] = (),
    find_subflow: FindSubflow = lambda task: None,
) -> FlowGraph:
    """`source` is the flow as plain values, for the nodes' definitions; `task_runs` have a
    `task_id`, and the last of each task stands at its node. In the places of the nodes whose uids
    are `expanded` stand the flows that those tasks start, as clusters."""
    overlay = {run.task_id: run for run in task_runs}
    builder = _Builder(source or {}, overlay, expanded, find_subflow)
    builder.add_flow(document)
    return FlowGraph(
        tuple(builder.nodes),
        tuple(builder.edges),
        tuple(builder.clusters),
        tuple(builder.flowables),
    )


@dataclass(slots=True)
class _Frame:
    """The cluster that is being drawn."""

    uid: str
    parents: tuple[str, ...]
    start: str
    end: str
    nodes: list[str] = field(default_factory=list)


class _Builder:
    def __init__(
        self,
        source: Mapping[str, Any],
        overlay: Mapping[str, Any],
        expanded: Collection[str],
        find_subflow: FindSubflow,
    ) -> None:
        self._source = source
        self._overlay = overlay
        self._expanded = expanded
        self._find_subflow = find_subflow
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self.clusters: list[Cluster] = []
        self.flowables: list[str] = []

    def add_flow(self, document: FlowDocument) -> None:
        frame = self._open(ROOT, ())
        if document.triggers:
            self._add_triggers(document.triggers, frame.start)
        self._add_sections(document, frame)
        self._close(frame, is_cluster=False)

    def _add_sections(self, document: FlowDocument, frame: _Frame) -> None:
        branches = [
            Branch("tasks", document.tasks),
            Branch("errors", document.errors, BranchKind.ERROR),
            Branch("finally", document.finally_, BranchKind.FINALLY),
            Branch("afterExecution", document.after_execution, BranchKind.FINALLY),
        ]
        for branch in branches:
            self._add_branch(branch, branch.path, frame, frame.start)

    def _add_triggers(self, triggers: Sequence[Trigger], root: str) -> None:
        frame = self._open(TRIGGERS, ())
        for number, trigger in enumerate(triggers):
            uid = f"{TRIGGERS}.{trigger.id}"
            definition = self._definition(f"triggers[{number}]")
            self._add(Node(uid, TRIGGER, definition), frame)
            self.edges.append(Edge(frame.start, uid))
            self.edges.append(Edge(uid, frame.end, BranchKind.SEQUENTIAL))
        self._close(frame)
        self.edges.append(Edge(frame.end, root, BranchKind.SEQUENTIAL))

    def _add_branch(self, branch: Branch, path: str, frame: _Frame, origin: str) -> None:
        """The branch between `origin` and the end of the cluster."""
        if branch.depends_on:
            self._add_graph(branch, path, frame, origin)
        elif branch.kind is BranchKind.PARALLEL:
            for number, task in enumerate(branch.tasks):
                first, last = self._add_task(task, f"{path}[{number}]", frame, branch)
                self._connect(origin, first, branch, frame)
                self.edges.append(Edge(last, frame.end, BranchKind.SEQUENTIAL))
        elif branch.tasks:
            self._add_chain(branch, path, frame, origin)

    def _add_chain(self, branch: Branch, path: str, frame: _Frame, origin: str) -> None:
        previous = origin
        for number, task in enumerate(branch.tasks):
            first, last = self._add_task(task, f"{path}[{number}]", frame, branch)
            if number:
                self.edges.append(Edge(previous, first, BranchKind.SEQUENTIAL))
            else:
                self._connect(origin, first, branch, frame)
            previous = last
        self.edges.append(Edge(previous, frame.end, BranchKind.SEQUENTIAL))

    def _add_graph(self, branch: Branch, path: str, frame: _Frame, origin: str) -> None:
        ends = {
            task.id: self._add_task(task, f"{path}[{number}]", frame, branch)
            for number, task in enumerate(branch.tasks)
        }
        needed: set[str] = set()
        for task in branch.tasks:
            before = [name for name in branch.depends_on.get(task.id, ()) if name in ends]
            needed.update(before)
            first, _ = ends[task.id]
            for name in before:
                self.edges.append(Edge(ends[name][1], first, BranchKind.SEQUENTIAL))
            if not before:
                self._connect(origin, first, branch, frame)
        for name, (_, last) in ends.items():
            if name not in needed:
                self.edges.append(Edge(last, frame.end, BranchKind.SEQUENTIAL))

    def _add_task(self, task: Task, path: str, frame: _Frame, branch: Branch) -> tuple[str, str]:
        """The nodes at which the task is entered and left."""
        if not task.branches():
            node = self._task_node(task, path, frame.uid, branch)
            subflow = self._find_subflow(task) if node.uid in self._expanded else None
            if node.type == SUBFLOW and subflow is not None:
                return self._add_subflow(node, subflow, frame)
            self._add(node, frame)
            return node.uid, node.uid
        inner = self._open(f"{frame.uid}.{task.id}", (*frame.parents, frame.uid))
        node = self._task_node(task, path, inner.uid, branch)
        self._add(node, inner)
        self.edges.append(Edge(inner.start, node.uid))
        self.flowables.append(task.id)
        for child in task.branches():
            self._add_branch(child, f"{path}.{child.path}", inner, node.uid)
        frame.nodes.extend((inner.start, inner.end))
        self._close(inner)
        return inner.start, inner.end

    def _add_subflow(self, node: Node, subflow: Subflow, frame: _Frame) -> tuple[str, str]:
        inner = self._open(node.uid, (*frame.parents, frame.uid))
        outer = self._source, self._overlay
        self._source, self._overlay = subflow.source, {}
        self._add_sections(subflow.document, inner)
        self._source, self._overlay = outer
        frame.nodes.extend((inner.start, inner.end))
        self._close(inner, node=replace(node, type=SUBFLOW_CLUSTER))
        return inner.start, inner.end

    def _task_node(self, task: Task, path: str, prefix: str, branch: Branch) -> Node:
        is_flow = bool(getattr(task, "flow_id", None))
        return Node(
            uid=f"{prefix}.{task.id}",
            type=SUBFLOW if is_flow and not isinstance(task, FlowableTask) else TASK,
            definition=self._definition(path),
            task_id=task.id,
            task_run=self._overlay.get(task.id),
            values=(branch.value,) if branch.value else (),
            relation=branch.kind,
            is_error=branch.kind is BranchKind.ERROR,
        )

    def _connect(self, origin: str, target: str, branch: Branch, frame: _Frame) -> None:
        is_plain = branch.kind is BranchKind.SEQUENTIAL and origin == frame.start
        relation = None if is_plain else branch.kind
        self.edges.append(Edge(origin, target, relation, branch.value))

    def _open(self, uid: str, parents: tuple[str, ...]) -> _Frame:
        frame = _Frame(uid, parents, start=f"{uid}.@start", end=f"{uid}.@end")
        self._add(Node(frame.start, CLUSTER_ROOT), frame)
        return frame

    def _close(self, frame: _Frame, *, is_cluster: bool = True, node: Node | None = None) -> None:
        """`node` says what the cluster stands for."""
        self._add(Node(frame.end, CLUSTER_END), frame)
        if is_cluster:
            uid = f"cluster_{frame.uid}"
            parents = tuple(f"cluster_{name}" for name in frame.parents if name != ROOT)
            head = replace(node, uid=uid) if node else Node(uid, CLUSTER)
            nodes = tuple(frame.nodes)
            self.clusters.append(Cluster(uid, head, nodes, parents, frame.start, frame.end))

    def _add(self, node: Node, frame: _Frame) -> None:
        self.nodes.append(node)
        frame.nodes.append(node.uid)

    def _definition(self, path: str) -> Mapping[str, Any] | None:
        return definition_at(self._source, path)


def definition_at(source: Mapping[str, Any], path: str) -> Mapping[str, Any] | None:
    """The map at a path such as `tasks[0].cases.FIRST[1]`. The children of a Dag lie in maps with
    a `task`."""
    current: Any = source
    for number, name in _STEP.findall(path):
        if number and isinstance(current, list) and int(number) < len(current):
            current = current[int(number)]
        elif name and isinstance(current, Mapping):
            current = current.get(name)
        else:
            return None
        if isinstance(current, Mapping) and "type" not in current and "task" in current:
            current = current["task"]
    return current if isinstance(current, Mapping) else None
