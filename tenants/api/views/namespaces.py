"""Namespaces: `{T}/namespaces`."""

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from rest.pagination import paginate
from rest.views import ApiView
from tenants import queries, services
from tenants.api import described
from tenants.api.filters import NAMESPACE_SORT, NamespaceFilters
from tenants.api.serializers import AutocompleteBody, namespace_shape, namespace_values
from tenants.api.visible import may, visible_rows


class NamespacesView(ApiView):
    resource = "NAMESPACE"
    actions: ClassVar = {"post": "CREATE"}
    operation_ids: ClassVar = {"post": "createNamespace"}

    @described.namespace_changed
    def post(self, request: Request, **_: Any) -> Response:
        namespace, values = namespace_values(request.data)
        self.require("CREATE", namespace=namespace)
        row = services.create_namespace(actor=self.actor, namespace=namespace, values=values)
        return Response(namespace_shape(row, with_credentials=True))


class NamespaceSearchView(ApiView):
    resource = "NAMESPACE"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "searchNamespaces"}

    @described.namespaces_page
    def get(self, request: Request, **_: Any) -> Response:
        rows = NamespaceFilters.apply(queries.listed_namespaces(), request.query_params)
        rows = visible_rows(self, rows, column="name")
        page = paginate(
            rows,
            request.query_params,
            shape=namespace_shape,
            columns=NAMESPACE_SORT,
            default=("name",),
        )
        return Response(page)


class NamespaceAutocompleteView(ApiView):
    resource = "NAMESPACE"
    actions: ClassVar = {"post": "LIST"}
    operation_ids: ClassVar = {"post": "autocompleteNamespaces"}

    @described.names_completed
    def post(self, request: Request, **_: Any) -> Response:
        body = AutocompleteBody.read(request.data)
        names = queries.namespace_names(
            q=body.q or "", ids=body.ids or (), existing_only=bool(body.existing_only)
        )
        return Response([name for name in names if may(self, "LIST", namespace=name)])


class NamespaceView(ApiView):
    resource = "NAMESPACE"
    actions: ClassVar = {"get": "VIEW", "put": "UPDATE", "delete": "DELETE"}
    operation_ids: ClassVar = {
        "get": "getNamespace",
        "put": "updateNamespace",
        "delete": "deleteNamespace",
    }

    @described.namespace_answered
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        row = queries.find_namespace(namespace)
        return Response(
            namespace_shape(row, with_credentials=may(self, "UPDATE", namespace=namespace))
        )

    @described.namespace_changed
    def put(self, request: Request, namespace: str, **_: Any) -> Response:
        values = namespace_values(request.data)[1]
        row = services.update_namespace(actor=self.actor, namespace=namespace, values=values)
        return Response(namespace_shape(row, with_credentials=True))

    @described.deleted
    def delete(self, request: Request, namespace: str, **_: Any) -> Response:
        services.delete_namespace(actor=self.actor, namespace=namespace)
        return Response(status=204)


class InheritedVariablesView(ApiView):
    resource = "NAMESPACE"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "inheritedVariables"}

    @described.variables_answered
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        return Response(queries.inherited_variables(namespace))
