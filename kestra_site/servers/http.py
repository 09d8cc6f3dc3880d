"""The HTTP server: its socket, its life and its end."""

import errno
import logging
import socket
from collections.abc import Callable

import uvicorn

from common.errors import Misconfigured, Unavailable
from kestra_site.config import Configuration
from kestra_site.servers.signals import stop_on_signals

log = logging.getLogger(__name__)

_FINISH_SECONDS = 10


def open_socket(configuration: Configuration) -> socket.socket:
    """The listening socket, before anything else is started. Raises Unavailable when the port is
    taken, Misconfigured when the address is not of this machine."""
    server = configuration.micronaut.server
    family = socket.AF_INET6 if ":" in server.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((server.host, server.port))
    except OSError as error:
        listener.close()
        raise _bind_failure(error, server.host, server.port) from error
    listener.set_inheritable(True)
    return listener


def _bind_failure(error: OSError, host: str, port: int) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return Unavailable(
            f"port {port} on {host} is in use: stop what listens there, or choose another --port"
        )
    if error.errno == errno.EACCES:
        return Misconfigured(f"not allowed to listen on port {port}: choose one above 1023")
    return Misconfigured(f"cannot listen on {host}:{port}: {error.strerror or error}")


class _Server(uvicorn.Server):
    """Calls back once its event loop runs, before it takes the first request."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_start()
        await super().startup(sockets=sockets)


def serve(
    configuration: Configuration, listener: socket.socket, *, on_start: Callable[[], None]
) -> None:
    """Serves until SIGTERM or SIGINT; open requests get some seconds to finish."""
    from kestra_site.asgi import application

    stop = stop_on_signals()  # uvicorn raises the signal again when it has ended: we outlive it
    server = _Server(
        uvicorn.Config(
            application,
            loop="uvloop",
            http="httptools",
            lifespan="off",
            log_config=None,
            access_log=configuration.kestra.server.access_log,
            server_header=False,
            timeout_graceful_shutdown=_FINISH_SECONDS,
        ),
        on_start,
    )
    server.run(sockets=[listener])
    if not server.started and not stop.is_set():
        raise Unavailable("the web server could not start")
