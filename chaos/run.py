"""One run from its servers to its report."""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chaos.checks import Checks, Rows, told
from chaos.effects import EffectServer
from chaos.faults import Chaos, draw_faults, summary
from chaos.flows import flows
from chaos.leftovers import after_the_end, growth, leftovers, unacknowledged
from chaos.parts import Cluster
from chaos.web_load import WebLoad

log = logging.getLogger("chaos")

# After the load everything must have ended within this, and what is left must be gone.
_END_SECONDS = 45.0
_EMPTY_SECONDS = 15.0
# So much of the steady load comes over HTTP.
_WEB_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Plan:
    seconds: float
    seed: int
    folder: Path
    plant: str = ""
    executors: int = 3
    workers: int = 2
    rate: float = 8.0


@dataclass(slots=True)
class Report:
    plan: Plan
    faults: dict[str, list[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not self.faults

    def text(self) -> Iterator[str]:
        yield from self.lines
        if self.is_clean:
            yield f"clean: no violations with seed {self.plan.seed}"
            return
        yield f"VIOLATIONS with seed {self.plan.seed}; logs in {self.plan.folder}/logs"
        yield from told(self.faults)


def run(plan: Plan) -> Report:
    """Everything that it starts has ended when it returns."""
    cluster = Cluster(plan.folder, executors=plan.executors, workers=plan.workers, plant=plan.plant)
    effects = EffectServer()
    try:
        cluster.start_servers()
        environment = cluster.environment()
        environment["EFFECTS_ADDRESS"] = f"127.0.0.1:{effects.port}"
        become_webserver(environment)
        return _run(plan, cluster, effects, environment)
    finally:
        cluster.close()
        effects.close()


def become_webserver(environment: dict[str, str]) -> None:
    """The load starts executions by the product's own services, in this process."""
    from kestra_site.servers.options import ServerOptions
    from kestra_site.servers.preparation import start_django

    os.environ.clear()
    os.environ.update(environment)
    start_django(ServerOptions().install("webserver"))

    from executions.bus.redis import RedisBus
    from executions.requests import set_request_bus

    set_request_bus(RedisBus(environment["REDIS_URL"], "load"))


def _run(
    plan: Plan, cluster: Cluster, effects: EffectServer, environment: dict[str, str]
) -> Report:
    from chaos.load import Load  # needs Django set up

    expected = flows(effects.port)
    load = Load(expected, plan.seed, plan.rate * (1 - _WEB_SHARE))
    web = WebLoad(expected, cluster.web_port, plan.seed, plan.rate * _WEB_SHARE)
    load.prepare()
    cluster.start_parts(environment)
    cluster.wait_until_ready()
    faults = draw_faults(plan.seed, plan.seconds)
    chaos = Chaos(cluster, faults, burst=load.burst)
    load.start()
    web.start()
    chaos.run(plan.seconds)
    web.stop()
    load.stop()
    cluster.calm_down()
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as connection:
        took = _wait_for_the_end(connection)
        left = _wait_until_empty(cluster, connection)
        unread = unacknowledged(cluster)
        started = {**load.started, **web.started}
        checks = Checks(expected, started, effects.counts(), web.unanswered)
        checks.run(connection)
        memory = list(growth(cluster))
        ends = cluster.end_parts()
        report = Report(plan, checks.faults)
        report.lines = [
            *_what_happened(plan, started, chaos, connection),
            f"{len(web.started)} of them over HTTP, {web.unanswered} requests without an answer",
            f"{len(effects.counts())} effects, {checks.lost_attempts} lost attempts,"
            f" {checks.marked_duplicates} of them after their effect",
            f"everything had ended {took:.1f} s after the load",
            f"{unread} messages that killed workers had not acknowledged",
            *_memory(memory),
        ]
    _add(checks, "left behind", left)
    _add(checks, "left behind after the end", after_the_end(cluster))
    _add(checks, "processes that ended by themselves", cluster.unexpected)
    _add(checks, "processes that did not end as they should", ends)
    _add(checks, "the load", [*load.errors, *web.errors])
    grown = [
        f"{name}: from {early // 1024} to {late // 1024} MB"
        for name, early, late, is_much in memory
        if is_much
    ]
    _add(checks, "memory that grows", grown)
    _add(checks, "errors of the engine", _spoiled(cluster))
    return report


def _add(checks: Checks, kind: str, texts: list[str]) -> None:
    for text in texts:
        checks.fault(kind, text)


def _wait_for_the_end(connection: Rows) -> float:
    started = time.monotonic()
    while time.monotonic() - started < _END_SECONDS:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM executions_execution WHERE is_open)"
            " + (SELECT count(*) FROM executions_inboxrow)"
        ).fetchone()
        if row == (0,):
            break
        time.sleep(0.2)
    return time.monotonic() - started


def _wait_until_empty(cluster: Cluster, connection: Rows) -> list[str]:
    deadline = time.monotonic() + _EMPTY_SECONDS
    while (left := leftovers(cluster, connection)) and time.monotonic() < deadline:
        time.sleep(0.3)
    return left


def _what_happened(
    plan: Plan, started: dict[str, str], chaos: Chaos, connection: Rows
) -> Iterator[str]:
    (runs,) = connection.execute("SELECT count(*) FROM executions_taskrun").fetchone() or (0,)
    counts = Counter(started.values())
    yield f"seed {plan.seed}, {plan.seconds:g} s: {len(started)} executions, {runs} task runs"
    yield "  " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    yield "faults: " + ", ".join(summary(chaos.done))


def _memory(memory: list[tuple[str, int, int, bool]]) -> Iterator[str]:
    for name, early, late, _ in memory:
        yield f"memory of {name}: {early // 1024} MB when warm, {late // 1024} MB at the end"


def _spoiled(cluster: Cluster) -> list[str]:
    """Lines that an executor writes only when its own logic failed."""
    return [
        f"{part.name}: {line.strip()[:200]}"
        for part in cluster.of_kind("executor")
        for line in part.log.read_text(encoding="utf-8", errors="replace").splitlines()
        if "the engine failed in execution" in line
    ]
