"""The seam to the engine: `executions.wiring` gives a running part of it, we stop it."""

from importlib import import_module
from typing import Protocol

from kestra_site.config import Configuration

WIRING = "executions.wiring"


class RunningEngine(Protocol):
    """A part of the engine that has started."""

    def stop(self, timeout: float) -> None:
        """Takes nothing new, finishes or hands back what it holds, and returns within `timeout`
        seconds. May be called twice."""


def start_engine(name: str, configuration: Configuration) -> RunningEngine:
    """`start_embedded`, `start_executor`, `start_scheduler`, `start_worker` or `connect_webserver`
    of the wiring. The first and the last are called while the server's event loop runs."""
    wiring = import_module(WIRING)  # knows models, so it comes after Django's set-up
    engine: RunningEngine = getattr(wiring, name)(configuration)
    return engine
