"""Executor and scheduler: a part of the engine that runs until it is asked to stop."""

import logging

from kestra_site.config import Component
from kestra_site.servers.engine import start_engine
from kestra_site.servers.options import ServerOptions
from kestra_site.servers.preparation import start_django
from kestra_site.servers.signals import stop_on_signals

log = logging.getLogger(__name__)


def run_part(component: Component, options: ServerOptions) -> None:
    configuration = options.install(component)
    stop = stop_on_signals()
    start_django(configuration)
    engine = start_engine(f"start_{component}", configuration)
    log.info("The %s is ready", component)
    stop.wait()
    engine.stop(configuration.engine.shutdown_grace_seconds)
    log.info("The %s has stopped", component)
