"""The steady load: starts executions as a webserver would, and kills those that are to be
killed."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Mapping
from datetime import timedelta

from django.db import close_old_connections

from chaos.flows import NAMESPACE, Expected
from common.actor import SYSTEM
from common.clock import now
from common.errors import Conflict
from common.tenancy import DEFAULT_TENANT, tenant_scope
from executions.executor.model import Head
from executions.models import Execution
from executions.services import StartRequest, kill_execution, start_executions
from flows.services.saving import create_flow
from tenants.services import ensure_tenant, set_key
from tenants.values import value_of

log = logging.getLogger("chaos")

# More than this is never open at once: the load is steady, not a heap.
OPEN_LIMIT = 250
BURST = 24
_BURST_SECONDS = 1.0
_KEYS = {"truth": "yes", "values": '["one", "two", "three", "four", "five"]'}


class Load:
    """`started` maps executions to flows: only those whose transaction was answered."""

    def __init__(self, flows: Mapping[str, Expected], seed: int, rate: float) -> None:
        self._flows = flows
        self._chance = random.Random(seed)  # noqa: S311  # repeatable on purpose
        self._rate = rate
        self._names = [name for name, flow in flows.items() if flow.is_started]
        self._kills: list[tuple[float, str]] = []
        self._bag: list[str] = []
        self._is_over = threading.Event()
        self._wants_burst = threading.Event()
        self._burst_done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self.started: dict[str, str] = {}
        self.errors: list[str] = []

    def prepare(self) -> None:
        """The flows, and the keys that their expressions read."""
        ensure_tenant(actor=SYSTEM, id=DEFAULT_TENANT)
        with tenant_scope(DEFAULT_TENANT):
            for flow in self._flows.values():
                create_flow(actor=SYSTEM, source=flow.source)
            for key, value in _KEYS.items():
                set_key(actor=SYSTEM, namespace=NAMESPACE, key=key, value=value_of(value, None))

    def start(self) -> None:
        self._thread.start()

    def burst(self) -> None:
        """Many at once, beside the steady load; returns when they are committed, or after a
        while."""
        self._burst_done.clear()
        self._wants_burst.set()
        self._burst_done.wait(_BURST_SECONDS)

    def stop(self) -> None:
        """What is to be killed is killed before it returns."""
        self._is_over.set()
        self._thread.join()
        while self._kills:
            time.sleep(0.05)
            self._kill_due()

    def _run(self) -> None:
        pause, is_burst = 1 / self._rate, False
        while not self._is_over.is_set():
            try:
                self._kill_due()
                if self._open_count() < OPEN_LIMIT:
                    self._start(BURST if is_burst else 1)
            except Exception as error:
                log.exception("chaos: the load was refused")
                self.errors.append(f"the load was refused: {error!r}")
                close_old_connections()
            if is_burst:
                self._burst_done.set()
            is_burst = self._wants_burst.wait(pause)
            self._wants_burst.clear()

    def _open_count(self) -> int:
        with tenant_scope(DEFAULT_TENANT):
            return Execution.objects.filter(is_open=True).count()

    def _start(self, count: int) -> None:
        names = [self._next_name() for _ in range(count)]
        requests = [self._request(name) for name in names]
        with tenant_scope(DEFAULT_TENANT):
            answers = start_executions(actor=SYSTEM, tenant=DEFAULT_TENANT, requests=requests)
        for name, head in zip(names, answers, strict=True):
            if not isinstance(head, Head):
                raise head
            self.started[head.id] = name
            if self._flows[name].is_killed:
                self._kills.append((time.monotonic() + self._chance.uniform(0.05, 4), head.id))

    def _next_name(self) -> str:
        if not self._bag:
            self._bag = self._chance.sample(self._names, len(self._names))
        return self._bag.pop()

    def _request(self, name: str) -> StartRequest:
        flow = self._flows[name]
        due = now() + timedelta(seconds=self._chance.uniform(0.5, 3)) if flow.is_scheduled else None
        return StartRequest(NAMESPACE, name, inputs=flow.inputs, schedule_date=due)

    def _kill_due(self) -> None:
        moment = time.monotonic()
        for entry in [entry for entry in self._kills if entry[0] <= moment]:
            with tenant_scope(DEFAULT_TENANT):
                row = Execution.objects.get(public_id=entry[1])
                try:
                    kill_execution(actor=SYSTEM, execution=row)
                except Conflict:
                    log.info("chaos: %s had ended before it was killed", entry[1])
            self._kills.remove(entry)
