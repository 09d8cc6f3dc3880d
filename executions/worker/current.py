"""The one worker host of this process, for doors that are called without it."""

from __future__ import annotations

from common.errors import Unavailable
from executions.worker.host import WorkerHost

_host: list[WorkerHost] = []


def set_current_host(host: WorkerHost) -> None:
    _host[:] = [host]


def current_host() -> WorkerHost:
    if not _host:
        raise Unavailable("No worker has been started in this process")
    return _host[0]
