"""Pictures of saved flows: the graph of one, and how flows hang on each other."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows import queries
from flows.api.bodies import flag, revision_of
from flows.api.serializers import dependency_shape, graph_shape
from flows.api.subflows import asked_graph
from flows.cache import compiled_flow
from flows.queries.dependencies import (
    DependencyGraph,
    dependencies_of_flow,
    dependencies_of_namespace,
    dependencies_of_tenant,
)
from rbac.queries import visible_namespaces
from rest.views import ApiView


class FlowGraphView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "generateFlowGraph"}

    def get(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        flow = queries.get_flow(self.tenant, namespace, id, revision_of(request))
        document = compiled_flow(self.tenant, namespace, id, flow.revision)
        graph = asked_graph(self.actor, request.query_params, document, source=flow.definition)
        return Response(graph_shape(graph))


class _DependencyView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}

    def answer(self, graph: DependencyGraph) -> Response:
        """Without flows that the caller may not see."""
        reach = visible_namespaces(self.actor, "FLOW", "VIEW", self.tenant)
        seen = tuple(key for key in graph.flows if reach.covers(key[0]))
        kept = tuple(
            item for item in graph.dependencies if item.source in seen and item.target in seen
        )
        return Response(dependency_shape(self.tenant, DependencyGraph(seen, kept)))


class FlowDependenciesView(_DependencyView):
    operation_ids: ClassVar = {"get": "getFlowDependencies"}

    def get(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        queries.latest_revision(self.tenant, namespace, id)  # 404 for a flow that is not there
        graph = dependencies_of_flow(
            namespace,
            id,
            destination_only=flag(request, "destinationOnly"),
            expand_all=flag(request, "expandAll"),
        )
        return self.answer(graph)


class TenantDependenciesView(_DependencyView):
    operation_ids: ClassVar = {"get": "getFlowDependenciesFromTenant"}

    def get(self, request: Request, **_: Any) -> Response:
        return self.answer(
            dependencies_of_tenant(destination_only=flag(request, "destinationOnly"))
        )


class NamespaceDependenciesView(_DependencyView):
    operation_ids: ClassVar = {"get": "getFlowDependenciesFromNamespace"}

    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        graph = dependencies_of_namespace(
            namespace, destination_only=flag(request, "destinationOnly")
        )
        return self.answer(graph)
