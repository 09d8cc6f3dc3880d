"""`kestra server worker`: a Celery worker on the queues of its group."""

import logging
import threading

from common.errors import Unavailable
from kestra_site.servers.engine import start_engine
from kestra_site.servers.options import ServerOptions
from kestra_site.servers.preparation import start_django
from kestra_site.servers.signals import stop_on_signals

log = logging.getLogger(__name__)


def run(options: ServerOptions) -> None:
    configuration = options.install("worker")
    stop = stop_on_signals()
    start_django(configuration)
    from executions.dispatch.celery import queue_name
    from executions.worker.current import current_host
    from kestra_site.servers.consumers import Consumers

    figures = configuration.engine
    engine = start_engine("start_worker", configuration)
    failed = threading.Event()

    def give_up() -> None:
        failed.set()
        stop.set()

    consumers = Consumers(
        [queue_name(figures.worker_group, is_light=is_light) for is_light in (True, False)],
        prefetch=figures.celery_prefetch,
        on_end=give_up,
    )
    consumers.start()
    log.info("The worker is ready", extra={"group": figures.worker_group or "default"})
    stop.wait()
    consumers.ask_to_stop()
    current_host().take_no_more()  # frees a consumer that waits for room
    consumers.join()
    engine.stop(figures.shutdown_grace_seconds)
    log.info("The worker has stopped")
    if failed.is_set():
        raise Unavailable("the worker's connection to its queues has ended")
