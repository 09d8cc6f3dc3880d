"""The Celery door of the worker: messages in, the host's pools do the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from celery import shared_task

from executions.dispatch.celery import TASK_NAME, items_from_json
from executions.worker.current import current_host


@shared_task(name=TASK_NAME, ignore_result=True)
def run_bundle(entries: Sequence[Sequence[Any]]) -> None:
    """Hands the attempts over and returns: they are claimed when a thread is free."""
    current_host().accept(items_from_json(entries))
