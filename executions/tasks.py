"""The Celery door of the worker: messages in, the host's pools do the work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from celery import Celery, shared_task

from common.json import loads
from executions.dispatch.celery import TASK_NAME, items_from_json
from executions.worker.current import current_host

log = logging.getLogger("kestra.worker")


def straight_to_the_host(task: Any, app: Celery, consumer: Any) -> Callable[..., None]:
    """What Celery does with a message of `run_bundle`: no request, no trace, no pool around a call
    that only hands over. There is nothing to acknowledge (`kestra_site.celery`): what is lost here
    was not claimed, and is sent again."""

    def receive(message: Any, body: Any, ack: Any, reject: Any, callbacks: Any) -> None:
        try:
            (entries,), _, _ = loads(message.body)
            task.run(entries)
        except Exception:
            # nobody waits for it, and the consumer must go on
            log.exception("worker: a message could not be handed to the host")

    return receive


@shared_task(name=TASK_NAME, ignore_result=True, Strategy="executions.tasks:straight_to_the_host")  # type: ignore[call-overload, untyped-decorator]  # they know no Strategy
def run_bundle(entries: Sequence[Sequence[Any]]) -> None:
    """Hands the attempts over and returns: they are claimed when a thread is free."""
    current_host().accept(items_from_json(entries))
