"""The servers under test: own PostgreSQL, own Redis and the product's processes, or the embedded
server; all on free ports, in temporary folders, and gone at the end."""

from __future__ import annotations

import shutil
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self

import psycopg

from benchmarks import flows
from benchmarks.client import NAMESPACE, Client
from benchmarks.errors import BenchmarkFailed
from benchmarks.processes import MeasuredProcess, kestra, product_environment
from tests.support.servers import PostgresServer, RedisServer, free_port

_START_SECONDS = 60.0
_END_SECONDS = 120.0
_POLL_SECONDS = 0.004
PARTS = ("webserver", "executor", "worker")


class BenchRedis(RedisServer):
    """That of the tests, whose processor time is counted."""

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was started"
        return self._process.pid


class DurablePostgres(PostgresServer):
    """That of the tests, but it waits for the disk as in use: every commit is durable."""

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        self._control("-o", options, "-l", str(self._folder / "log"), "-w", "start")

    @property
    def pid(self) -> int:
        return int((self._cluster / "postmaster.pid").read_text(encoding="ascii").split()[0])


@contextmanager
def temporary_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kestra-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # a process that was killed may still write


class Server(ABC):
    """What both kinds have in common: a port, processes, flows."""

    def __init__(self) -> None:
        self.port = free_port()
        self.processes: list[MeasuredProcess] = []
        self._stack = ExitStack()
        self._environment: dict[str, str] = {}

    def __enter__(self) -> Self:
        try:
            self.folder = self._stack.enter_context(temporary_folder())
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def client(self) -> Client:
        return Client(self.port)

    @property
    def memory_mb(self) -> float:
        return sum(process.memory_mb() for process in self.processes)

    def add_to_environment(self, **variables: str) -> None:
        """Of the processes; before they are started."""
        self._environment.update(variables)

    def pids(self) -> dict[str, int]:
        """Of everything that works for the product, by name."""
        return {process.name: process.pid for process in self.processes}

    @abstractmethod
    def _start(self) -> None: ...

    def _launch(self, name: str, *arguments: str, **environment: str) -> MeasuredProcess:
        variables = product_environment(self.folder / "data", **environment, **self._environment)
        command = kestra(["server", name, *arguments])
        process = MeasuredProcess(name, command, variables, self.folder)
        self.processes.append(process)
        self._stack.callback(process.stop)
        return process

    def _wait_until_healthy(self) -> None:
        wait_until_healthy(self.port, self.processes[0])

    def _fill(self) -> None:
        """Saves what the figures need, and runs a task of each kind once: everything is warm."""
        with self.client() as client:
            for source in flows.all_sources().values():
                client.save_flow(source)
            client.run("chain-1")
            client.run("chain-1-log")

    def prepare_reading(self) -> None:
        """What the flow `reading-10` reads."""
        files = {flows.SMALL_FILE: b"small", flows.LARGE_FILE: b"x" * flows.LARGE_SIZE}
        with self.client() as client:
            client.call("PUT", f"/namespaces/{NAMESPACE}/kv/{flows.KEY}", b'"hello"', "text/plain")
            for name, content in files.items():
                client.upload(f"/namespaces/{NAMESPACE}/files?path=/{name}", content)


class Distributed(Server):
    """Webserver, executor and worker on PostgreSQL and Redis. Also counts what is still open."""

    def __init__(self, *, with_scheduler: bool = False) -> None:
        super().__init__()
        self._parts = (*PARTS, "scheduler") if with_scheduler else PARTS
        self.redis = BenchRedis()

    def _start(self) -> None:
        self._stack.callback(self.redis.stop)
        self.redis.start()
        self.postgres = DurablePostgres()
        self._stack.callback(self.postgres.remove)
        self.postgres.start()
        url = self.postgres.create_database("bench")
        for part in self._parts:
            more = ("--port", str(self.port)) if part == "webserver" else ()
            self._launch(part, *more, DATABASE_URL=url, REDIS_URL=self.redis.url)
            if part == "webserver":
                self._wait_until_healthy()
        self._database = psycopg.connect(url, autocommit=True)
        self._stack.callback(self._database.close)
        self._fill()
        for process in self.processes:
            process.check_running()

    def pids(self) -> dict[str, int]:
        return {
            **super().pids(),
            "PostgreSQL": self.postgres.pid,
            "Redis": self.redis.pid,
        }

    def wait_until_all_ended(self) -> None:
        """Raises BenchmarkFailed when it takes too long or one of them did not succeed."""
        deadline = time.monotonic() + _END_SECONDS
        query = "SELECT count(*) FROM executions_execution WHERE is_open"
        while self._count(query):
            if time.monotonic() > deadline:
                raise BenchmarkFailed(f"executions are still open after {_END_SECONDS} s")
            time.sleep(_POLL_SECONDS)

    def check_all_succeeded(self) -> None:
        failed = self._count("SELECT count(*) FROM executions_execution WHERE state <> 'SUCCESS'")
        if failed:
            raise BenchmarkFailed(f"{failed} executions did not succeed")

    def _count(self, query: str) -> int:
        row = self._database.execute(query.encode()).fetchone()
        assert row is not None
        return int(row[0])


class Embedded(Server):
    """`kestra server local`, on a folder of its own or on one that is already filled."""

    def _start(self) -> None:
        self._launch("local", "--port", str(self.port))
        self._wait_until_healthy()
        self._fill()


def wait_until_healthy(port: int, process: MeasuredProcess) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        process.check_running()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise BenchmarkFailed(f"{process.name} does not answer:\n{process.last_lines()}")
