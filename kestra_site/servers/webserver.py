"""`kestra server webserver`: the API and the pages."""

import logging

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
    with open_socket(configuration) as listener:
        start_django(configuration)
        create_first_administrator(configuration)
        load_flows(options.flow_path)
        serve(
            configuration,
            listener,
            on_start=lambda: log.info("The webserver is ready at %s/ui/", configuration.public_url),
        )
    log.info("The webserver has stopped")
