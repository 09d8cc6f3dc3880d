"""A client of the REST API that costs little itself: one connection that is kept open."""

from __future__ import annotations

import base64
import http.client
import json
import time
from collections.abc import Mapping
from typing import Any, Self

from benchmarks.errors import BenchmarkFailed
from benchmarks.processes import PASSWORD, USER

NAMESPACE = "bench"
_API = "/api/v1/main"
_PATIENCE = 120
_KEPT_SECONDS = 2.0
_BOUNDARY = "benchmark-boundary"


class Client:
    """Belongs to one thread."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        self._used = 0.0
        pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self._headers = {"Authorization": f"Basic {pair}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def connect(self) -> None:
        """Raises ConnectionError while nobody listens; else the first request does it."""
        self._connection.connect()
        self._used = time.monotonic()

    def request(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> tuple[int, bytes]:
        if time.monotonic() - self._used > _KEPT_SECONDS:
            self._connection.close()  # the server may be about to do so
        headers = {**self._headers, **({"Content-Type": content_type} if body else {})}
        self._connection.request(method, path, body=body or None, headers=headers)
        response = self._connection.getresponse()
        answer = response.read()
        self._used = time.monotonic()
        return response.status, answer

    def call(
        self, method: str, path: str, body: bytes = b"", content_type: str = "application/json"
    ) -> Any:
        """Raises BenchmarkFailed unless it went well."""
        status, answer = self.request(method, _API + path, body, content_type)
        if status >= http.client.BAD_REQUEST:
            raise BenchmarkFailed(f"{method} {path}: {status} {answer[:500].decode()}")
        return json.loads(answer) if answer else None

    def upload(self, path: str, content: bytes) -> None:
        """As the one part of a multipart form."""
        head = 'Content-Disposition: form-data; name="fileContent"; filename="file"'
        body = f"--{_BOUNDARY}\r\n{head}\r\n\r\n".encode() + content
        body += f"\r\n--{_BOUNDARY}--\r\n".encode()
        self.call("POST", path, body, f"multipart/form-data; boundary={_BOUNDARY}")

    def save_flow(self, source: str) -> None:
        self.call("POST", "/flows", source.encode(), "application/x-yaml")

    def start(self, flow: str, inputs: Mapping[str, Any] | None = None) -> str:
        """Starts an execution and gives its id."""
        body = json.dumps(dict(inputs)).encode() if inputs else b""
        return str(self.call("POST", f"/executions/{NAMESPACE}/{flow}", body)["id"])

    def run(self, flow: str, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Starts an execution, waits for its end, and gives it."""
        body = json.dumps(dict(inputs)).encode() if inputs else b""
        answer: dict[str, Any] = self.call(
            "POST", f"/executions/{NAMESPACE}/{flow}?wait=true", body
        )
        state = answer["state"]["current"]
        if state != "SUCCESS":
            raise BenchmarkFailed(f"an execution of {flow} ended in state {state}")
        return answer

    def start_many(self, flows: list[str]) -> None:
        """One bulk call."""
        wanted = [{"namespace": NAMESPACE, "flowId": flow} for flow in flows]
        answers = self.call("POST", "/executions/bulk", json.dumps(wanted).encode())
        errors = [answer["error"] for answer in answers if "error" in answer]
        if errors or len(answers) != len(flows):
            raise BenchmarkFailed(f"the bulk call refused {len(errors)} executions: {errors[:1]}")
