"""Views of the words that a role may hold."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from rbac.templates import MANAGED_ROLES
from rbac.vocabulary import every_action
from rest.permissions import SIGNED_IN
from rest.views import ApiView


class PermissionsView(ApiView):
    resource = SIGNED_IN
    operation_ids = {"get": "listPermissions"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(every_action())


class TemplatesView(ApiView):
    resource = SIGNED_IN
    operation_ids = {"get": "listTemplates"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response({name.upper(): rights for name, rights in MANAGED_ROLES.items()})
