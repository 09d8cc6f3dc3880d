"""The product from outside: a running server with its first user, called over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support.processes import KESTRA, ServerProcess
from tests.support.servers import free_port

USERNAME = "admin@example.com"
PASSWORD = "Change-me-1"
_PATIENCE = httpx.Timeout(60)


class Product:
    """`call` gives the response; `run` the execution once it has ended."""

    def __init__(
        self, server: ServerProcess, port: int, data_dir: Path, database_url: str = ""
    ) -> None:
        self.server = server
        self.port = port
        self.data_dir = data_dir
        self.database_url = database_url
        self.url = f"http://127.0.0.1:{port}"
        self.username = USERNAME
        self.password = PASSWORD
        self._http = httpx.Client(
            base_url=f"{self.url}/api/v1/main", auth=(USERNAME, PASSWORD), timeout=_PATIENCE
        )

    @property
    def options(self) -> tuple[str, ...]:
        """Of the commands that talk to a server."""
        return ("--server", self.url, "--user", f"{USERNAME}:{PASSWORD}")

    def call(self, method: str, path: str, **given: Any) -> httpx.Response:
        return self._http.request(method, path, **given)

    def send_flow(self, source: str) -> httpx.Response:
        return self.call(
            "POST", "/flows", content=source, headers={"Content-Type": "application/x-yaml"}
        )

    def save_flow(self, source: str) -> None:
        answer = self.send_flow(source)
        assert answer.status_code == 200, answer.text

    def run(self, flow: str, inputs: Mapping[str, str] | None = None) -> dict[str, Any]:
        """`flow` is `namespace/id`."""
        answer = self.call(
            "POST",
            f"/executions/{flow}",
            params={"wait": "true"},
            files=[(name, (None, value)) for name, value in (inputs or {}).items()],
        )
        assert answer.status_code == 200, answer.text
        execution: dict[str, Any] = answer.json()
        return execution

    def log_of(self, execution: Mapping[str, Any]) -> str:
        return self.call("GET", f"/logs/{execution['id']}/download").text

    def close(self) -> None:
        self._http.close()


def state_of(thing: Mapping[str, Any]) -> str:
    return str(thing["state"]["current"])


@contextmanager
def local_product(folder: Path, **environment: str) -> Iterator[Product]:
    """`kestra server local` on an empty folder, with its first user."""
    port = free_port()
    server = ServerProcess(
        folder,
        *("local", "--port", str(port), "--data-dir", str(folder / "data")),
        command=KESTRA,
        **{
            "DATABASE_URL": "",
            "KESTRA_ENCRYPTION_SECRET_KEY": "",
            "KESTRA_ADMIN_USER": USERNAME,
            "KESTRA_ADMIN_PASSWORD": PASSWORD,
            **environment,
        },
    )
    yield from _serving(server, port, folder / "data")


@contextmanager
def distributed_product(
    folder: Path, *, database_url: str, redis_url: str, **environment: str
) -> Iterator[Product]:
    """`kestra server standalone`: each part a process of its own."""
    port = free_port()
    server = ServerProcess(
        folder,
        *("standalone", "--port", str(port), "--data-dir", str(folder / "data")),
        command=KESTRA,
        **{
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "KESTRA_ADMIN_USER": USERNAME,
            "KESTRA_ADMIN_PASSWORD": PASSWORD,
            **environment,
        },
    )
    yield from _serving(server, port, folder / "data", database_url)


def _serving(
    server: ServerProcess, port: int, data_dir: Path, database_url: str = ""
) -> Iterator[Product]:
    try:
        server.wait_until_healthy(port)
        product = Product(server, port, data_dir, database_url)
        try:
            yield product
        finally:
            product.close()
        server.process.terminate()
        server.end()
    finally:
        server.kill()
