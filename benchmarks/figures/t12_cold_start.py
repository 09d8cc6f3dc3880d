"""T12: from the launch of the embedded server to its first finished run."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks import flows
from benchmarks.client import Client
from benchmarks.errors import BenchmarkFailed
from benchmarks.figure import Figure
from benchmarks.imports import watch_imports
from benchmarks.processes import MeasuredProcess, kestra, product_environment
from benchmarks.readings import Floor, Reading, at_most
from benchmarks.stacks import Embedded, temporary_folder
from benchmarks.surroundings import Surroundings
from tests.support.servers import free_port

_PATIENCE = 60.0
_ROUNDS = 5


class ColdStart(Figure):
    """The flow is there already, or comes from `--flow-path` with an empty data folder."""

    id = "T12"
    title = "embedded cold start, launch to first finished run"

    def measure(self, surroundings: Surroundings) -> list[Reading]:
        surroundings.stop_servers()
        bare = surroundings.bare_import.seconds
        with temporary_folder() as folder:
            flow_path = folder / "flows"
            flow_path.mkdir()
            (flow_path / "one.yaml").write_text(flows.source_of("chain-1"), encoding="utf-8")
            first = [_launch(folder / str(number), flow_path) for number in range(_ROUNDS + 1)]
            again = [_launch(folder / "0", None) for _ in range(_ROUNDS + 1)]
        floor = Floor("bare import of the stack", bare, at_most(4))
        return [
            Reading("with its data", "s", tuple(again[1:]), at_most(1.5), floor),
            Reading("empty database", "s", tuple(first[1:]), at_most(4)),
        ]

    def explain(self, surroundings: Surroundings) -> str:
        surroundings.stop_servers()
        return watch_imports(Embedded())


def _launch(folder: Path, flow_path: Path | None) -> float:
    """Seconds until the first run has ended."""
    folder.mkdir(exist_ok=True)
    port = free_port()
    options = ["--port", str(port), *(["--flow-path", str(flow_path)] if flow_path else [])]
    started = time.perf_counter()
    environment = product_environment(folder / "data")
    process = MeasuredProcess("local", kestra(["server", "local", *options]), environment, folder)
    try:
        with _connected(port, process) as client:
            client.run("chain-1")
        return time.perf_counter() - started
    finally:
        process.stop()


def _connected(port: int, process: MeasuredProcess) -> Client:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        client = Client(port)
        try:
            client.connect()
        except ConnectionError:
            process.check_running()
            time.sleep(0.003)
        else:
            return client
    raise BenchmarkFailed(f"the server does not listen:\n{process.last_lines()}")
