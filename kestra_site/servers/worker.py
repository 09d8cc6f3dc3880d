"""`kestra server worker`: a Celery worker on the queue of its group."""

import logging

from kestra_site.servers.engine import start_engine
from kestra_site.servers.options import ServerOptions
from kestra_site.servers.preparation import start_django

log = logging.getLogger(__name__)


def run(options: ServerOptions) -> None:
    configuration = options.install("worker")
    start_django(configuration)
    from kestra_site.celery import app, queue_of_group

    figures = configuration.engine
    engine = start_engine("start_worker", configuration)
    worker = app.Worker(
        pool="threads",
        concurrency=figures.worker_threads,
        queues=[queue_of_group(figures.worker_group)],
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
        loglevel="WARNING",
    )
    log.info("The worker is ready", extra={"group": figures.worker_group or "default"})
    worker.start()
    engine.stop(figures.shutdown_grace_seconds)
    log.info("The worker has stopped")
    if worker.exitcode:
        raise SystemExit(worker.exitcode)
