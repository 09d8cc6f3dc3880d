"""Flows as those see them who look at executions: structure without the tasks' properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions.api.access import ExecutionApiView, positive
from executions.api.serializers import task_run_shape
from executions.queries.details import detail_of
from flows import queries
from flows.api.serializers import flow_shape, graph_shape
from flows.api.subflows import asked_graph
from flows.cache import compiled_flow
from flows.queries import StoredFlow
from rbac.queries import visible_namespaces
from rest.rendering import compact

_SECTIONS = ("tasks", "errors", "finally", "afterExecution")
_KEPT = (
    "id", "namespace", "revision", "description", "inputs", "outputs", "disabled", "draft",
    "labels", "variables", "workerGroup", "deleted",
)  # fmt: skip


class ExecutableNamespacesView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listExecutableDistinctNamespaces"}

    def get(self, request: Request, **_: Any) -> Response:
        reach = visible_namespaces(self.actor, "EXECUTION", "LIST", self.tenant)
        enabled = queries.present_flows().filter(reach.to_q(), is_disabled=False)
        names = enabled.order_by("namespace").values_list("namespace", flat=True).distinct()
        return Response(list(names))


class ExecutableFlowsView(ExecutionApiView):
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listFlowExecutionsByNamespace"}

    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        flows = queries.flows_of_namespace(namespace)
        return Response([flow_for_execution(flow) for flow in flows if not flow.is_disabled])


class FlowView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getFlowFromExecution"}

    def get(self, request: Request, namespace: str, flow_id: str, **_: Any) -> Response:
        revision = positive(request.query_params, "revision")
        return Response(
            flow_for_execution(queries.get_flow(self.tenant, namespace, flow_id, revision))
        )


class ExecutionFlowView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getFlowFromExecutionById"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        row = self.execution(execution_id)
        flow = queries.get_flow(
            self.tenant, row.namespace, row.flow_id, row.flow_revision, allow_deleted=True
        )
        return Response(flow_for_execution(flow))


class ExecutionGraphView(ExecutionApiView):
    """The graph of the flow with the last run of each task at its node."""

    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getExecutionFlowGraph"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        row = self.execution(execution_id)
        flow = queries.get_flow(
            self.tenant, row.namespace, row.flow_id, row.flow_revision, allow_deleted=True
        )
        document = compiled_flow(self.tenant, row.namespace, row.flow_id, row.flow_revision)
        detail = detail_of(row)
        graph = asked_graph(
            self.actor,
            request.query_params,
            document,
            source=flow.definition,
            task_runs=detail.task_runs,
        )
        shape = graph_shape(graph)
        for node in (*shape["nodes"], *(each["cluster"] for each in shape["clusters"])):
            if "taskRun" in node:
                node["taskRun"] = task_run_shape(detail.head, node["taskRun"], with_outputs=False)
        return Response(shape)


def flow_for_execution(flow: StoredFlow) -> dict[str, Any]:
    whole = flow_shape(flow)
    shape = {name: whole[name] for name in _KEPT if name in whole}
    for section in _SECTIONS:
        if whole.get(section):
            shape[section] = [_task_shape(task) for task in whole[section]]
    if whole.get("triggers"):
        shape["triggers"] = [
            {"id": item.get("id"), "type": item.get("type")} for item in whole["triggers"]
        ]
    return shape


def _task_shape(task: Mapping[str, Any]) -> dict[str, Any]:
    inner = task.get("tasks")
    tasks = [_task_shape(each) for each in inner if isinstance(each, Mapping)] if inner else None
    if "type" not in task and isinstance(task.get("task"), Mapping):
        return _task_shape(task["task"])  # of a Dag
    subflow = None
    if task.get("flowId") and task.get("namespace"):
        subflow = compact(
            {
                "namespace": task["namespace"],
                "flowId": task["flowId"],
                "revision": task.get("revision"),
            }
        )
    return compact(
        {
            "id": task.get("id"),
            "type": task.get("type"),
            "version": task.get("version"),
            "tasks": tasks or None,
            "inputs": task.get("onResume"),
            "subflowId": subflow,
        }
    )
