"""The part of the load that comes over HTTP. A webserver that is stopped or killed leaves requests
without an answer: what became of them is not known, and must be right all the same."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Mapping

import httpx

from chaos.flows import NAMESPACE, Expected

log = logging.getLogger("chaos")

USERNAME, PASSWORD = "chaos@example.com", "Chaos-is-1-word"
_ANSWER_SECONDS = 2.0


class WebLoad:
    """`started` maps executions to flows, `unanswered` counts requests without an answer."""

    def __init__(self, flows: Mapping[str, Expected], port: int, seed: int, rate: float) -> None:
        self._flows = flows
        self._names = [
            name
            for name, flow in flows.items()
            if flow.is_started and not (flow.is_killed or flow.is_scheduled)
        ]
        self._chance = random.Random(seed + 1)  # noqa: S311  # repeatable on purpose
        self._pause = 1 / rate
        self._url = f"http://127.0.0.1:{port}/api/v1/main/executions/{NAMESPACE}"
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web load", daemon=True)
        self.started: dict[str, str] = {}
        self.unanswered = 0
        self.errors: list[str] = []

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._is_over.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(auth=(USERNAME, PASSWORD), timeout=_ANSWER_SECONDS) as client:
            while not self._is_over.wait(self._pause):
                try:
                    self._start(client, self._chance.choice(self._names))
                except httpx.TransportError as error:
                    log.debug("chaos: no answer from the webserver: %r", error)
                    self.unanswered += 1

    def _start(self, client: httpx.Client, name: str) -> None:
        inputs = [(key, (None, str(value))) for key, value in self._flows[name].inputs.items()]
        answer = client.post(f"{self._url}/{name}", files=inputs or None)
        if answer.status_code == httpx.codes.OK:
            self.started[answer.json()["id"]] = name
        else:
            self.unanswered += 1
            self.errors.append(f"the webserver said {answer.status_code}: {answer.text[:300]}")
