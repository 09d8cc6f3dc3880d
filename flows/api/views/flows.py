"""One flow, and the flows of a namespace: `{T}/flows`, `{T}/flows/{namespace}[/{id}]`."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from flows import queries, services
from flows.api.bodies import flag, revision_of, revisions_of, source_of, task_of
from flows.api.serializers import flow_shape
from flows.cache import compiled_flow
from flows.errors import TaskNotFound
from flows.graph import definition_at
from rest.rendering import SOURCE_PARSERS
from rest.views import ApiView


class FlowsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": "CREATE"}
    operation_ids: ClassVar = {"post": "createFlow"}
    parser_classes = SOURCE_PARSERS

    def post(self, request: Request, **_: Any) -> Response:
        parsed = services.read_source(source_of(request))
        self.require("CREATE", namespace=parsed.document.namespace)
        flow = services.create_flow(actor=self.actor, source=parsed.source, parsed=parsed)
        return Response(flow_shape(flow, with_source=True))


class _ManyFlowsView(ApiView):
    """Writes many flows; asks for the permission in each of their namespaces."""

    resource = "FLOW"
    parser_classes = SOURCE_PARSERS

    def check_namespace(self, namespace: str, deletes: bool) -> None:
        for action in ("DELETE",) if deletes else ("CREATE", "UPDATE"):
            self.require(action, namespace=namespace)


class NamespaceFlowsView(_ManyFlowsView):
    actions: ClassVar = {"get": "LIST", "post": ["CREATE", "UPDATE"]}
    operation_ids: ClassVar = {"get": "listFlowsByNamespace", "post": "updateFlowsInNamespace"}

    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        return Response([flow_shape(flow) for flow in queries.flows_of_namespace(namespace)])

    def post(self, request: Request, namespace: str, **_: Any) -> Response:
        flows = services.replace_namespace_flows(
            actor=self.actor,
            namespace=namespace,
            source=source_of(request),
            delete=flag(request, "delete", default=True),
            override=flag(request, "override"),
            check=self.check_namespace,
        )
        return Response([flow_shape(flow, with_source=True) for flow in flows])


class BulkFlowsView(_ManyFlowsView):
    actions: ClassVar = {"post": ["CREATE", "UPDATE"]}
    operation_ids: ClassVar = {"post": "bulkUpdateFlows"}

    def post(self, request: Request, **_: Any) -> Response:
        flows = services.bulk_update_flows(
            actor=self.actor,
            source=source_of(request),
            delete=flag(request, "delete", default=True),
            namespace=request.query_params.get("namespace") or None,
            allow_namespace_child=flag(request, "allowNamespaceChild"),
            check=self.check_namespace,
        )
        return Response([flow_shape(flow, with_source=True) for flow in flows])


class FlowView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW", "put": "UPDATE", "delete": "DELETE"}
    operation_ids: ClassVar = {"get": "getFlow", "put": "updateFlow", "delete": "deleteFlow"}
    parser_classes = SOURCE_PARSERS

    def get(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        flow = queries.get_flow(
            self.tenant,
            namespace,
            id,
            revision_of(request),
            allow_deleted=flag(request, "allowDeleted"),
        )
        return Response(flow_shape(flow, with_source=flag(request, "source")))

    def put(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        queries.latest_revision(self.tenant, namespace, id)  # 404 before what is in the body
        flow = services.update_flow(
            actor=self.actor, namespace=namespace, flow_id=id, source=source_of(request)
        )
        return Response(flow_shape(flow, with_source=True))

    def delete(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        services.delete_flow(actor=self.actor, namespace=namespace, flow_id=id)
        return Response(status=204)


class RevisionsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW", "delete": "DELETE"}
    operation_ids: ClassVar = {"get": "listFlowRevisions", "delete": "deleteRevisions"}

    def get(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        flows = queries.flow_revisions(
            self.tenant, namespace, id, include_deleted=flag(request, "allowDelete")
        )
        return Response([flow_shape(flow, with_source=True) for flow in flows])

    def delete(self, request: Request, namespace: str, id: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        services.delete_revisions(
            actor=self.actor, namespace=namespace, flow_id=id, revisions=revisions_of(request)
        )
        return Response({})


class TaskView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getTaskFromFlow"}

    def get(
        self,
        request: Request,
        namespace: str,
        id: str,  # noqa: A002  # the API's word
        task_id: str,
        **_: Any,
    ) -> Response:
        flow = queries.get_flow(self.tenant, namespace, id, revision_of(request))
        place = compiled_flow(self.tenant, namespace, id, flow.revision).find_path(task_id)
        task = definition_at(flow.definition, place.path) if place else None
        if task is None:
            raise TaskNotFound(f"Flow '{namespace}.{id}' has no task '{task_id}'")
        return Response(task)


class TaskPatchView(ApiView):
    """Puts the task of the body in the place of the one of that id."""

    resource = "FLOW"
    actions: ClassVar = {"patch": "UPDATE"}
    operation_ids: ClassVar = {"patch": "updateTask"}
    parser_classes = SOURCE_PARSERS

    def patch(
        self,
        request: Request,
        namespace: str,
        id: str,  # noqa: A002  # the API's word
        task_id: str,
        **_: Any,
    ) -> Response:
        queries.latest_revision(self.tenant, namespace, id)  # 404 before what is in the body
        flow = services.update_task(
            actor=self.actor,
            namespace=namespace,
            flow_id=id,
            task_id=task_id,
            task=task_of(request),
        )
        return Response(flow_shape(flow, with_source=True))
