"""The sockets of the pages. What serves them is imported with the first one that is opened."""

from typing import Any, cast

from django.urls import path

_EXECUTION = "ui/<str:tenant>/executions/<str:namespace>/<str:flow_id>/<str:execution_id>/live"


async def follow_execution(scope: Any, receive: Any, send: Any) -> None:
    from ui.live import ExecutionSocket

    await ExecutionSocket.as_asgi()(scope, receive, send)


websocket_urlpatterns = [path(_EXECUTION, cast(Any, follow_execution))]
