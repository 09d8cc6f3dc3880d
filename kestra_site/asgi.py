"""The door for HTTP and WebSockets."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
django.setup(set_prefix=False)  # before what imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs Django set up

from kestra_site.http import HttpHandler  # noqa: E402 - as above
from ui.static_files import STATIC_PREFIX, serve_static  # noqa: E402 - as above

_http = HttpHandler()


def websocket_routes() -> list[Any]:
    """The sockets that the apps declare, each in its `streaming/routing.py` or `routing.py`."""
    routes: list[Any] = []
    for module in ("executions.streaming.routing", "ui.routing"):
        parent = module.rpartition(".")[0]
        if find_spec(parent) and find_spec(module):
            routes += import_module(module).websocket_urlpatterns
    return routes


def answer_http(scope: Any, receive: Any, send: Any) -> Any:
    """Static files go around Django: its chain of middleware is for pages and the API."""
    is_static = scope["path"].startswith(STATIC_PREFIX)
    return (serve_static if is_static else _http)(scope, receive, send)


application = ProtocolTypeRouter({"http": answer_http, "websocket": URLRouter(websocket_routes())})
