"""Shapes of flows in the API. The definition is answered as the source has it; a property without
a value is left out."""

from collections.abc import Mapping
from typing import Any

from common.clock import to_iso
from flows.api.validation_reports import Report
from flows.graph import CLUSTER, FlowGraph, Node
from flows.models import Flow
from flows.queries import StoredFlow, fragments_of
from flows.queries.dependencies import DependencyGraph, Key
from rest.rendering import compact

CSV_COLUMNS = (
    "namespace", "id", "revision", "description", "disabled", "labels", "tasks", "triggers",
    "updated",
)  # fmt: skip
_OWN = frozenset({"disabled", "deleted", "draft", "revision", "tenantId", "labels", "inputs"})


def flow_shape(flow: StoredFlow, *, with_source: bool = False) -> dict[str, Any]:
    """Flow, or FlowWithSource."""
    definition = flow.definition
    shape: dict[str, Any] = {
        "tenantId": flow.tenant,
        "id": flow.id,
        "namespace": flow.namespace,
        "revision": flow.revision,
        "labels": label_pairs(definition.get("labels")) or None,
        "inputs": [_input_shape(item) for item in definition.get("inputs") or ()] or None,
    }
    shape.update({key: value for key, value in definition.items() if key not in _OWN})
    shape["id"], shape["namespace"] = flow.id, flow.namespace
    shape["disabled"] = definition.get("disabled") is True
    shape["deleted"] = flow.is_deleted
    shape["draft"] = False
    shape["updated"] = to_iso(flow.updated)
    if with_source:
        shape["source"] = flow.source
    return compact(shape)


def csv_line(row: Flow) -> tuple[Any, ...]:
    """The values of CSV_COLUMNS."""
    return (
        row.namespace,
        row.flow_id,
        row.revision,
        row.description,
        "true" if row.is_disabled else "false",
        ",".join(f"{key}:{value}" for key, value in row.labels.items()),
        row.task_count,
        row.trigger_count,
        to_iso(row.updated),
    )


def label_pairs(labels: Any) -> list[dict[str, str]]:
    """`[{"key", "value"}]` from either form of a source."""
    if isinstance(labels, Mapping):
        return [{"key": str(key), "value": _text(value)} for key, value in labels.items()]
    return [
        {"key": str(item["key"]), "value": _text(item["value"])} for item in labels or () if item
    ]


def graph_shape(graph: FlowGraph) -> dict[str, Any]:
    return {
        "nodes": [_node_shape(node) for node in graph.nodes],
        "edges": [
            compact(
                {
                    "source": edge.source,
                    "target": edge.target,
                    "relation": compact({"relationType": edge.relation, "value": edge.value})
                    if edge.relation
                    else None,
                }
            )
            for edge in graph.edges
        ],
        "clusters": [
            {
                "cluster": _node_shape(cluster.node),
                "nodes": list(cluster.nodes),
                "parents": list(cluster.parents),
                "start": cluster.start,
                "end": cluster.end,
            }
            for cluster in graph.clusters
        ],
        "flowables": list(graph.flowables),
    }


def dependency_shape(tenant: str, graph: DependencyGraph) -> dict[str, Any]:
    """FlowTopologyGraph."""
    return {
        "nodes": [
            {"uid": _uid(tenant, key), "namespace": key[0], "id": key[1]} for key in graph.flows
        ],
        "edges": [
            {
                "source": _uid(tenant, item.source),
                "target": _uid(tenant, item.target),
                "relation": item.kind.value,
            }
            for item in graph.dependencies
        ],
    }


def source_match_shape(flow: StoredFlow, text: str, *, editable: bool) -> dict[str, Any]:
    """Both lines' spellings of one hit."""
    fragments = list(fragments_of(flow.source, text))
    return {
        "model": flow_shape(flow),
        "fragments": fragments[:1],
        "namespace": flow.namespace,
        "id": flow.id,
        "editable": editable,
        "matches": fragments,
    }


def report_shape(report: Report) -> dict[str, Any]:
    """ValidateConstraintViolation."""
    return compact(
        {
            "index": report.index,
            "flow": report.flow_id,
            "namespace": report.namespace,
            "constraints": report.constraints,
            "outdated": report.is_outdated,
            "deprecationPaths": list(report.deprecation_paths),
            "warnings": list(report.warnings),
            "infos": list(report.infos),
        }
    )


def _input_shape(item: Mapping[str, Any]) -> dict[str, Any]:
    """With the present spelling of the id, and whether it is required."""
    shape = {"id" if key == "name" else key: value for key, value in item.items()}
    shape.setdefault("required", True)
    return shape


def _node_shape(node: Node) -> dict[str, Any]:
    is_bare = node.definition is None or node.type == CLUSTER
    return compact(
        {
            "uid": node.uid,
            "type": node.type,
            "task": None if is_bare else node.definition,
            "taskRun": node.task_run,
            "values": list(node.values) or None,
            "relationType": node.relation.value if node.relation else None,
            "error": node.is_error or None,
        }
    )


def _uid(tenant: str, key: Key) -> str:
    return f"{tenant}_{key[0]}_{key[1]}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
