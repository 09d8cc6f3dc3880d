"""Graphs in which subflows are shown from within: `?subflows=root.call,root.call.inner`."""

from collections.abc import Collection
from typing import Any

from django.http import QueryDict

from common.actor import Actor
from common.errors import Invalid
from common.tenancy import current_tenant
from flows.cache import compiled_flow
from flows.graph import FindSubflow, FlowGraph, Subflow, graph_of
from flows.queries import find_flow
from plugins.contracts.task import Task
from rbac.queries import visible_namespaces

MAX_EXPANDED = 100
_PARAMETER = "subflows"


def asked_graph(actor: Actor, query: QueryDict, document: Any, **more: Any) -> FlowGraph:
    """The graph of the document with the subflows that the query names. Raises Invalid."""
    expanded = _expanded(query)
    if not expanded:
        return graph_of(document, **more)
    return graph_of(document, expanded=expanded, find_subflow=_reader(actor), **more)


def _expanded(query: QueryDict) -> Collection[str]:
    """Uids of nodes, repeated or with commas."""
    found = {uid for text in query.getlist(_PARAMETER) for uid in text.split(",") if uid}
    if len(found) > MAX_EXPANDED:
        raise Invalid(f"{_PARAMETER}: at most {MAX_EXPANDED} can be shown from within")
    return found


def _reader(actor: Actor) -> FindSubflow:
    """Without those that the caller may not see, and those that only the running task knows."""
    tenant = current_tenant()
    reach = visible_namespaces(actor, "FLOW", "VIEW", tenant)

    def find(task: Task) -> Subflow | None:
        namespace, flow_id = getattr(task, "namespace", None), getattr(task, "flow_id", None)
        if not isinstance(namespace, str) or not isinstance(flow_id, str):
            return None
        if not reach.covers(namespace):
            return None
        revision = getattr(task, "revision", None)
        if isinstance(revision, str):
            return None
        flow = find_flow(tenant, namespace, flow_id, revision)
        if flow is None:
            return None
        document = compiled_flow(tenant, namespace, flow_id, flow.revision)
        return Subflow(document, flow.definition)

    return find
