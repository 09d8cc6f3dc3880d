"""The parts of the engine, put together from the seams: what both wirings have in common."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from common.ids import new_id
from executions.bus.contract import Bus
from executions.dispatch.contract import Dispatcher
from executions.executor.answers import Answers
from executions.executor.housekeeping import ExecutorTimes
from executions.executor.residents import Residents
from executions.executor.service import Executor
from executions.flows import flow_bundle
from executions.live.contract import LiveUpdates
from executions.outside import ServerOutside
from executions.rendering import expression_engine
from executions.scheduler.service import Scheduler
from executions.store.contract import Store
from executions.worker.host import WorkerHost
from executions.worker.service import Worker, WorkerTimes

log = logging.getLogger("kestra.engine")


class EngineFigures(Protocol):
    """What the engine reads of the configuration; times in seconds, sizes in bytes."""

    lease_seconds: float
    renew_seconds: float
    sweep_seconds: float
    linger_seconds: float
    window_factor: int
    output_inline_limit: int
    outputs_memory_limit: int
    render_threads: int
    worker_threads: int
    worker_group: str
    worker_heartbeat_seconds: float
    worker_lease_seconds: float
    restart_lost_attempts: bool
    kill_grace_seconds: float


@dataclass(slots=True)
class Seams:
    """What both wirings have, in their own make."""

    store: Store
    bus: Bus
    live: LiveUpdates
    envs: Mapping[str, str] = field(default_factory=dict)
    globals_: Mapping[str, Any] = field(default_factory=dict)

    def outside(self) -> ServerOutside:
        return ServerOutside(self.store, envs=self.envs, globals_=self.globals_)


def make_executor(
    seams: Seams, dispatcher: Dispatcher, figures: EngineFigures, *, owner: str | None = None
) -> Executor:
    outside = seams.outside()
    return Executor(
        owner=owner or new_id(),
        store=seams.store,
        bus=seams.bus,
        dispatcher=dispatcher,
        live=seams.live,
        residents=Residents(flow_bundle, outputs_limit=figures.outputs_memory_limit),
        answers_factory=lambda wake: Answers(
            expression_engine(),
            outside,
            on_ready=wake,
            threads=figures.render_threads,
            inline_limit=figures.output_inline_limit,
        ),
        times=ExecutorTimes(
            lease=figures.lease_seconds,
            renew=figures.renew_seconds,
            sweep=figures.sweep_seconds,
            linger=figures.linger_seconds,
            claim_patience=figures.worker_lease_seconds,
            restarts_lost=figures.restart_lost_attempts,
        ),
        window_factor=figures.window_factor,
    )


def make_worker(seams: Seams, figures: EngineFigures, temporary: Path, **host: Any) -> WorkerHost:
    """`host`: the options of its `WorkerHost`."""
    worker = Worker(
        group=figures.worker_group,
        slots=figures.worker_threads,
        store=seams.store,
        bus=seams.bus,
        live=seams.live,
        engine=expression_engine(),
        outside=seams.outside(),
        temporary=temporary,
        times=WorkerTimes(
            heartbeat=figures.worker_heartbeat_seconds,
            lease=figures.worker_lease_seconds,
            kill_grace=figures.kill_grace_seconds,
        ),
        outputs_inline_limit=figures.output_inline_limit,
    )
    return WorkerHost(worker, slots=figures.worker_threads, **host)


@dataclass(slots=True)
class Running:
    """A part of the engine that has started. `stop` may be called twice."""

    executor: Executor | None = None
    thread: threading.Thread | None = None
    host: WorkerHost | None = None
    seams: Seams | None = None
    scheduler: Scheduler | None = None
    is_stopped: bool = False

    def stop(self, timeout: float) -> None:
        if self.is_stopped:
            return
        self.is_stopped = True
        if self.scheduler is not None:
            self.scheduler.stop(timeout)
        if self.host is not None:
            self.host.close(timeout)
        if self.executor is not None:
            self.executor.stop()
        if self.thread is not None:
            self.thread.join(timeout)
        if self.seams is not None:
            self.seams.live.close()
            self.seams.bus.close()
            self.seams.store.close()


def run_executor(executor: Executor) -> threading.Thread:
    thread = threading.Thread(target=executor.run, name="executor", daemon=True)
    thread.start()
    return thread


def make_seams(configuration: Any, store: Store, bus: Bus, live: LiveUpdates) -> Seams:
    return Seams(
        store=store,
        bus=bus,
        live=live,
        envs=configuration.template_environment,
        globals_=configuration.kestra.variables.globals,
    )


def temporary_folder(configuration: Any) -> Path:
    return Path(configuration.kestra.tasks.tmp_dir.path or tempfile.gettempdir())
