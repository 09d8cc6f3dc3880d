"""Addresses for tests of the frame itself."""

import asyncio

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import include, path
from rest_framework.response import Response

from common.errors import Conflict
from common.tenancy import current_tenant, tenant_or_none
from rbac.models import Group
from rest.endpoints import Operation, by_method, endpoint
from rest.gate import actor_of
from rest.permissions import OPEN, SIGNED_IN, SUPER_ADMIN, Permission
from rest.rendering import SOURCE_PARSERS, BytesParser
from rest.threads import in_database_thread
from rest.views import ApiView, ApiViewSet


class KeyView(ApiView):
    resource = "KVSTORE"
    actions = {"get": "VIEW", "put": ["CREATE", "UPDATE"], "delete": Permission("FLOW", ("KILL",))}

    def get(self, request, namespace, **_):
        return Response({"tenant": self.tenant, "actor": self.actor.id, "namespace": namespace})

    def put(self, request, namespace, **_):
        self.require("UPDATE", namespace=request.data["namespace"])
        return Response(request.data)

    def post(self, request, **_):
        return Response({})


class UndeclaredView(ApiView):
    def get(self, request, **_):
        return Response({})


class FlowSet(ApiViewSet):
    resource = "FLOW"
    actions = {"list": "LIST", "start": "EXECUTE"}

    def list(self, request, **_):
        return Response({"tenant": tenant_or_none()})

    def start(self, request, **_):
        return Response({"started": True})


class SourceView(ApiView):
    resource = OPEN
    parser_classes = SOURCE_PARSERS

    def post(self, request, **_):
        return Response({"is": type(request.data).__name__, "data": request.data})


class BytesView(ApiView):
    resource = OPEN
    parser_classes = [BytesParser]

    def post(self, request, **_):
        return Response({"data": request.data.hex()})


class JsonView(ApiView):
    resource = OPEN

    def post(self, request, **_):
        return Response(request.data)


class FaultyView(ApiView):
    resource = OPEN

    def get(self, request, **_):
        raise ZeroDivisionError


class AdminView(ApiView):
    resource = SUPER_ADMIN

    def get(self, request, **_):
        return Response({"tenant": tenant_or_none()})


class MineView(ApiView):
    resource = SIGNED_IN

    def get(self, request, **_):
        return Response({"tenant": tenant_or_none()})


@endpoint("FLOW", "EXECUTE", methods=["POST"], operation=Operation("startFlow", "Starts."))
async def start(request, namespace, **_):
    groups = await in_database_thread(Group.objects.count)
    await asyncio.sleep(0)
    return {"tenant": current_tenant(), "actor": actor_of(request).id, "groups": groups}


@endpoint("FLOW", "EXECUTE", methods=["POST"])
async def refuse(request, **_):
    raise Conflict("Cannot execute a disabled flow")


@endpoint(OPEN)
async def hook(request, **_):
    return None


@endpoint(SIGNED_IN)
async def fail(request, **_):
    raise ZeroDivisionError


@endpoint(OPEN)
async def stream(request, **_):
    async def frames():
        yield b"data: {}\n\n"

    return StreamingHttpResponse(frames(), content_type="text/event-stream")


def page(request, **_):
    return HttpResponse(f"<p>{tenant_or_none()}</p>")


tenant_urls = [
    path("kv/<str:namespace>", KeyView.as_view()),
    path("flows", FlowSet.as_view({"get": "list"})),
    path("flows/start", FlowSet.as_view({"post": "start"})),
    path("undeclared", UndeclaredView.as_view()),
    path("executions/<str:namespace>", start),
    path("executions/<str:namespace>/refuse", refuse),
    path("executions/<str:namespace>/mixed", by_method(get=KeyView.as_view(), post=start)),
    path("hook", hook),
    path("fail", fail),
    path("stream", stream),
    path("users", MineView.as_view()),
]
instance_urls = [
    path("users", AdminView.as_view()),
    path("me", MineView.as_view()),
    path("setup", JsonView.as_view()),
    path("license", SourceView.as_view()),
    path("logs", BytesView.as_view()),
    path("configs", FaultyView.as_view()),
]
urlpatterns = [
    path("api/v1/", include(instance_urls)),
    path("api/v1/<str:tenant>/", include(tenant_urls)),
    path("ui/<str:tenant>/page", page),
]
