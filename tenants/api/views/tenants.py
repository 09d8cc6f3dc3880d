"""Tenants: `/api/v1/tenants`, for super-admins."""

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from rest.pagination import paginate
from rest.permissions import SUPER_ADMIN
from rest.views import ApiView
from tenants import queries, services
from tenants.api import described
from tenants.api.filters import TENANT_SORT, TenantFilters
from tenants.api.serializers import tenant_shape, tenant_values


class TenantsView(ApiView):
    resource = SUPER_ADMIN
    operation_ids: ClassVar = {"post": "create_2"}

    @described.tenant_changed
    def post(self, request: Request) -> Response:
        tenant, name, values = tenant_values(request.data)
        row = services.create_tenant(actor=self.actor, id=tenant, name=name, values=values)
        return Response(tenant_shape(row))


class TenantSearchView(ApiView):
    resource = SUPER_ADMIN
    operation_ids: ClassVar = {"get": "find"}

    @described.tenants_page
    def get(self, request: Request) -> Response:
        rows = TenantFilters.apply(queries.listed_tenants(), request.query_params)
        page = paginate(
            rows, request.query_params, shape=tenant_shape, columns=TENANT_SORT, default=("id",)
        )
        return Response(page)


class TenantView(ApiView):
    resource = SUPER_ADMIN
    operation_ids: ClassVar = {"get": "get_3", "put": "update_2", "delete": "delete_2"}

    @described.tenant_answered
    def get(self, request: Request, id: str) -> Response:  # noqa: A002  # the API's word
        return Response(tenant_shape(queries.find_tenant(id)))

    @described.tenant_changed
    def put(self, request: Request, id: str) -> Response:  # noqa: A002  # the API's word
        _, name, values = tenant_values(request.data)
        row = services.update_tenant(actor=self.actor, id=id, name=name, values=values)
        return Response(tenant_shape(row))

    @described.deleted
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002  # the API's word
        services.delete_tenant(actor=self.actor, id=id)
        return Response(status=204)
