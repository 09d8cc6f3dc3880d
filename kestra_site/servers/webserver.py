"""`kestra server webserver`: the API and the pages."""

import logging
from contextlib import ExitStack

from kestra_site.servers.engine import start_engine
from kestra_site.servers.http import open_socket, serve
from kestra_site.servers.options import ServerOptions
from kestra_site.servers.preparation import (
    create_first_administrator,
    load_flows,
    start_django,
)

log = logging.getLogger(__name__)


def run(options: ServerOptions) -> None:
    configuration = options.install("webserver")
    with ExitStack() as stack:
        listener = stack.enter_context(open_socket(configuration))
        start_django(configuration)
        create_first_administrator(configuration)
        load_flows(options.flow_path)

        def connect() -> None:
            connected = start_engine("connect_webserver", configuration)
            stack.callback(connected.stop, configuration.engine.shutdown_grace_seconds)
            log.info("The webserver is ready at %s/ui/", configuration.public_url)

        serve(configuration, listener, on_start=connect)
    log.info("The webserver has stopped")
