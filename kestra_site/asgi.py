"""The door for HTTP and WebSockets."""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
_http = get_asgi_application()  # sets Django up, so it comes before what imports models

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs Django set up


def websocket_routes() -> list[Any]:
    """The sockets that the apps declare, each in its `streaming/routing.py` or `routing.py`."""
    routes: list[Any] = []
    for module in ("executions.streaming.routing", "ui.routing"):
        parent = module.rpartition(".")[0]
        if find_spec(parent) and find_spec(module):
            routes += import_module(module).websocket_urlpatterns
    return routes


application = ProtocolTypeRouter({"http": _http, "websocket": URLRouter(websocket_routes())})
