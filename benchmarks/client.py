"""A client of the REST API that costs little itself: one connection that is kept open."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from typing import Any, Self

from benchmarks.errors import BenchmarkFailed
from benchmarks.processes import PASSWORD, USER

NAMESPACE = "bench"
_API = "/api/v1/main"
_PATIENCE = 120


class Client:
    """Belongs to one thread."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def request(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> tuple[int, bytes]:
        headers = {**self._headers, **({"Content-Type": content_type} if body else {})}
        self._connection.request(method, path, body=body or None, headers=headers)
        response = self._connection.getresponse()
        return response.status, response.read()

    def call(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> Any:
        """Raises BenchmarkFailed unless it went well."""
        status, answer = self.request(method, _API + path, body, content_type)
        if status >= http.client.BAD_REQUEST:
            raise BenchmarkFailed(f"{method} {path}: {status} {answer[:500].decode()}")
        return json.loads(answer) if answer else None

    def save_flow(self, source: str) -> None:
        self.call("POST", "/flows", source.encode(), "application/x-yaml")

    def start(self, flow: str, inputs: Mapping[str, Any] | None = None) -> str:
        """Starts an execution and gives its id."""
        body = json.dumps(dict(inputs)).encode() if inputs else b""
        return str(self.call("POST", f"/executions/{NAMESPACE}/{flow}", body)["id"])

    def run(self, flow: str, inputs: Mapping[str, Any] | None = None) -> None:
        """Starts an execution and waits for its end."""
        body = json.dumps(dict(inputs)).encode() if inputs else b""
        answer = self.call("POST", f"/executions/{NAMESPACE}/{flow}?wait=true", body)
        state = answer["state"]["current"]
        if state != "SUCCESS":
            raise BenchmarkFailed(f"an execution of {flow} ended in state {state}")

    def start_many(self, flows: list[str]) -> None:
        """One bulk call."""
        wanted = [{"namespace": NAMESPACE, "flowId": flow} for flow in flows]
        answers = self.call("POST", "/executions/bulk", json.dumps(wanted).encode())
        errors = [answer["error"] for answer in answers if "error" in answer]
        if errors or len(answers) != len(flows):
            raise BenchmarkFailed(f"the bulk call refused {len(errors)} executions: {errors[:1]}")
