"""The Celery side of a worker: a consumer for each of its two queues, in a thread of its own, so
that neither waits when the other has no room."""

import logging
import threading
from collections.abc import Callable, Sequence

from celery import Celery
from celery.worker import WorkController, state

from common.errors import Misconfigured
from executions.dispatch.celery import TASK_NAME
from kestra_site.celery import make_app

log = logging.getLogger(__name__)

_STOP_SECONDS = 5.0


class _Controller(WorkController):
    """A Celery worker that lives in a thread: it takes no signals and polls nothing."""

    def should_use_eventloop(self) -> bool:
        return False  # there is one for the whole process, and two of us


def _made_app() -> Celery:
    """With its tasks. Raises Misconfigured without the one that a worker is for."""
    app = make_app()
    app.loader.import_default_modules()
    app.finalize()
    if TASK_NAME not in app.tasks:
        raise Misconfigured(f"the task {TASK_NAME} is not among those that Celery has loaded")
    return app


class Consumers:
    """`on_end` is called when one of them ends though nobody asked for it."""

    def __init__(self, queues: Sequence[str], *, prefetch: int, on_end: Callable[[], None]) -> None:
        self._prefetch = prefetch
        self._on_end = on_end
        self._is_stopping = threading.Event()
        # One after the other: an app that is made while another thread loads the tasks may miss
        # them, and would throw away the messages that name them.
        self._threads = [
            threading.Thread(
                target=self._consume, args=(queue, _made_app()), name=queue, daemon=True
            )
            for queue in queues
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ask_to_stop(self) -> None:
        """Each ends after the message that it has in hand."""
        self._is_stopping.set()
        # the exit code; Celery looks at it between two messages
        state.should_stop = 0  # type: ignore[assignment]  # its type is guessed from the default

    def join(self) -> None:
        """Waits for their end; one that hangs with the broker is left behind."""
        for thread in self._threads:
            thread.join(_STOP_SECONDS)

    def _consume(self, queue: str, app: Celery) -> None:
        try:
            controller = _Controller(
                app=app,
                hostname=f"{queue}@%h",
                pool="solo",  # the task hands its attempts to the worker's own threads
                concurrency=1,
                prefetch_multiplier=self._prefetch,
                queues=[queue],
                without_gossip=True,
                without_mingle=True,
                without_heartbeat=True,
                loglevel="WARNING",
            )
            controller.start()  # stops itself, too
        except Exception:
            log.exception("The consumer of %s failed", queue)
        finally:
            if not self._is_stopping.is_set():
                log.error("The consumer of %s has ended", queue)
                self._on_end()
