"""The seam to the engine: `executions.wiring` gives a running part of it, we stop it."""

from importlib import import_module
from typing import Protocol

from common.errors import Misconfigured
from kestra_site.config import Configuration

WIRING = "executions.wiring"


class RunningEngine(Protocol):
    """A part of the engine that has started."""

    def stop(self, timeout: float) -> None:
        """Takes nothing new, finishes or hands back what it holds, and returns within `timeout`
        seconds. May be called twice."""


def start_engine(name: str, configuration: Configuration) -> RunningEngine:
    """`start_embedded`, `start_executor`, `start_scheduler` or `start_worker` of the wiring.
    The embedded one is called on the server's thread while its event loop runs."""
    try:
        wiring = import_module(WIRING)
    except ModuleNotFoundError as error:
        if error.name not in (WIRING, "executions"):
            raise
        raise Misconfigured("this build has no engine: executions.wiring is missing") from error
    engine: RunningEngine = getattr(wiring, name)(configuration)
    return engine
