"""The embedded wiring: SQLite, threads, memory; executor, worker and scheduler in the server's
process."""

from __future__ import annotations

from typing import Any

from common.ids import new_id
from executions.bus.memory import MemoryBus
from executions.dispatch.threads import ThreadDispatcher
from executions.live.current import set_current_live
from executions.live.memory import MemoryLiveUpdates
from executions.parts import (
    Running,
    make_executor,
    make_seams,
    make_worker,
    run_executor,
    temporary_folder,
)
from executions.requests import set_request_bus
from executions.scheduler.service import Scheduler
from executions.store.sqlite import SqliteStore
from executions.worker.current import set_current_host
from executions.worker.host import WorkerHost


def start(configuration: Any) -> Running:
    store = SqliteStore(str(configuration.database.name))
    live = MemoryLiveUpdates()
    seams = make_seams(configuration, store, MemoryBus(), live)
    hosts: list[WorkerHost] = []
    dispatcher = ThreadDispatcher(lambda: hosts[0])
    figures = configuration.engine
    hosts.append(make_worker(seams, figures, temporary_folder(configuration)))
    executor = make_executor(seams, dispatcher, figures)
    set_current_host(hosts[0])
    set_request_bus(seams.bus)
    set_current_live(live)
    scheduler = Scheduler(owner=new_id())
    scheduler.start()
    return Running(executor, run_executor(executor), hosts[0], seams, scheduler)
