"""`kestra server local`: webserver and engine in one process, on SQLite and threads."""

import logging
import sys
from contextlib import ExitStack

from kestra_site.config import Configuration
from kestra_site.servers.engine import start_engine
from kestra_site.servers.http import open_socket, serve
from kestra_site.servers.options import ServerOptions
from kestra_site.servers.preparation import (
    create_first_administrator,
    load_flows,
    prepare_data_folder,
    start_django,
)
from kestra_site.servers.sign_in import sign_in_link

log = logging.getLogger(__name__)


def run(options: ServerOptions) -> None:
    configuration = options.install("local")
    with ExitStack() as stack:
        listener = stack.enter_context(open_socket(configuration))
        stack.enter_context(prepare_data_folder(configuration))
        start_django(configuration)
        create_first_administrator(configuration)
        load_flows(options.flow_path)

        def start() -> None:
            engine = start_engine("start_embedded", configuration)
            stack.callback(engine.stop, configuration.engine.shutdown_grace_seconds)
            _say_ready(configuration)
            sys.stderr.write(link)
            sys.stderr.flush()

        link = sign_in_link(configuration)
        serve(configuration, listener, on_start=start)
    log.info("Stopped")


def _say_ready(configuration: Configuration) -> None:
    log.info("Kestra is ready at %s/ui/", configuration.public_url)
    log.info("Everything it keeps is in %s", configuration.kestra.data_dir)
