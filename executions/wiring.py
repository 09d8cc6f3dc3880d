"""The two supported wirings. Each is imported when it is started: the embedded server never loads
PostgreSQL, Redis or Celery."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Protocol


class Running(Protocol):
    """A part that has started. `stop` may be called twice."""

    def stop(self, timeout: float) -> None: ...


def start_embedded(configuration: Any) -> Running:
    """Executor, scheduler and worker in this process, on SQLite."""
    running: Running = import_module("executions.embedded").start(configuration)
    return running


def start_executor(configuration: Any) -> Running:
    running: Running = import_module("executions.distributed").start_executor(configuration)
    return running


def start_scheduler(configuration: Any) -> Running:
    """It needs the database alone."""
    running: Running = import_module("executions.scheduler.process").start()
    return running


def start_worker(configuration: Any) -> Running:
    """The host that the Celery door hands work to; Celery itself is started by the caller."""
    running: Running = import_module("executions.distributed").start_worker(configuration)
    return running


def connect_webserver(configuration: Any) -> Running:
    """What the webserver's services need: the bus for requests, live updates to follow."""
    running: Running = import_module("executions.distributed").connect_webserver(configuration)
    return running
