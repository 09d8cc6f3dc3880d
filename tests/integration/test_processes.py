"""The processes of `server standalone`: they are ended, killed, robbed of Redis, and go on."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import StartDistributed
from tests.support.awaited import told_and_read
from tests.support.processes import KESTRA, ServerProcess, endless_sleep, processes_with
from tests.support.product import Product, state_of
from tests.support.servers import PostgresServer, RedisServer, free_port
from tests.support.waiting import wait_for as until

SCRIPT = """
id: script
namespace: company.team
tasks:
  - id: run
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands: ["%s"]
"""
LIGHT = """
id: light
namespace: company.team
tasks:
  - {id: set, type: io.kestra.plugin.core.kv.Set, key: k, value: v}
"""
ASKING = """
id: asking
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: hello, runIf: "{{ kv('k') == 'v' }}"}
  - id: start
    type: io.kestra.plugin.core.flow.Subflow
    namespace: company.team
    flowId: light
"""
SHORT_LEASES = {
    "KESTRA_WORKER_HEARTBEAT": "PT0.5S",
    "KESTRA_WORKER_LEASE": "PT2S",
    "KESTRA_EXECUTOR_SWEEP": "PT0.5S",
}
_PATIENCE_SECONDS = 60


def wait_for(product: Product, execution_id: str, state: str) -> dict[str, Any]:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        execution: dict[str, Any] = product.call("GET", f"/executions/{execution_id}").json()
        if state_of(execution) == state:
            return execution
        time.sleep(0.05)
    raise AssertionError(f"it was never {state}: {execution}\n{product.server.output}")


def wait_for_process(mark: str, *, other_than: int = 0) -> int:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = [pid for pid in processes_with(mark) if pid != other_than]
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(f"no process with {mark!r} was started")


def part_of(product: Product, name: str) -> int:
    """The process of that part."""
    (found,) = [
        pid
        for pid in processes_with(str(product.data_dir))
        if f"server\0{name}\0".encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return found


def test_all_processes_end_when_the_supervisor_is_asked_to(
    start_distributed: StartDistributed,
) -> None:
    with start_distributed() as product:
        product.save_flow(SCRIPT % "echo hello")
        product.run("company.team/script")

        code = product.server.terminate()

        assert code == 0
        assert processes_with(str(product.data_dir)) == []
        assert "Traceback" not in product.server.output


def test_all_processes_end_when_the_supervisor_was_killed(
    start_distributed: StartDistributed,
) -> None:
    with start_distributed() as product:
        product.server.wait_until_said("The worker is ready")
        product.server.wait_until_said("The executor is ready")
        product.server.wait_until_said("The scheduler is ready")
        parts = processes_with(str(product.data_dir))
        assert len(parts) == 5

        product.server.process.kill()
        product.server.end()

        try:
            until(lambda: processes_with(str(product.data_dir)) == [], "the end of all parts")
        finally:
            for pid in processes_with(str(product.data_dir)):
                os.kill(pid, signal.SIGKILL)
        for part in ("webserver", "executor", "scheduler", "worker"):
            assert f"The {part} has stopped" in product.server.output
        assert "Traceback" not in product.server.output


def test_script_of_a_killed_worker_runs_again(start_distributed: StartDistributed) -> None:
    mark = endless_sleep()
    with start_distributed(**SHORT_LEASES) as product:
        flag = product.data_dir.parent / "flag"
        product.save_flow(
            SCRIPT.replace("script\n", "lost\n", 1)
            % (f"test -e {flag} || exec sleep {mark}; echo done")
        )
        execution_id = product.call("POST", "/executions/company.team/lost").json()["id"]
        script = wait_for_process(f"sleep\0{mark}")

        flag.touch()
        os.kill(part_of(product, "worker"), signal.SIGKILL)
        os.kill(script, signal.SIGKILL)
        execution = wait_for(product, execution_id, "SUCCESS")

        states = [
            attempt["state"]["current"] for attempt in execution["taskRunList"][0]["attempts"]
        ]
        assert states == ["FAILED", "SUCCESS"]


def test_worker_that_stops_gives_back_what_it_has_not_begun(
    start_distributed: StartDistributed,
) -> None:
    # nobody sends again what was sent, as long as this test lasts
    with start_distributed(KESTRA_WORKER_THREADS="1", KESTRA_WORKER_LEASE="PT1H") as product:
        # one that has never worked would be taken for one that cannot
        os.kill(part_of(product, "worker"), signal.SIGKILL)
        flag, mark = product.data_dir.parent / "go", endless_sleep()
        wait = f"test -e {flag} || (sleep {mark} & while ! test -e {flag}; do sleep 0.05; done)"
        product.save_flow(SCRIPT % wait)
        # one runs, the others fill the worker and what it takes from the broker
        waiting = [
            product.call("POST", "/executions/company.team/script").json()["id"] for _ in range(6)
        ]
        wait_for_process(mark)
        worker = part_of(product, "worker")

        os.kill(worker, signal.SIGTERM)
        flag.touch()

        for execution_id in waiting:
            execution = wait_for(product, execution_id, "SUCCESS")
            assert len(execution["taskRunList"][0]["attempts"]) == 1
        assert not Path(f"/proc/{worker}").exists()
        assert "Traceback" not in product.server.output


def test_work_goes_on_after_redis_was_lost(
    start_distributed: StartDistributed, _own_redis: RedisServer
) -> None:
    with start_distributed(**SHORT_LEASES) as product:
        product.save_flow(SCRIPT % "echo hello")
        product.save_flow(LIGHT)
        product.run("company.team/script")

        _own_redis.stop()
        _own_redis.start()
        ids = [
            product.call("POST", f"/executions/company.team/{name}").json()["id"]
            for name in ("script", "light")
        ]

        for execution_id in ids:
            wait_for(product, execution_id, "SUCCESS")


def test_work_goes_on_after_the_database_was_restarted(
    start_distributed: StartDistributed, _own_postgres: PostgresServer
) -> None:
    with start_distributed(**SHORT_LEASES) as product:
        product.save_flow(LIGHT)
        product.save_flow(ASKING)
        product.run("company.team/light")
        product.run("company.team/asking")  # all threads of the executor have their connections

        _own_postgres.stop()
        _own_postgres.start()
        until(lambda: product.call("GET", "/flows/search").status_code == 200, "the webserver")
        product.save_flow(ASKING.replace("id: asking", "id: unknown"))
        ids = [
            product.call("POST", f"/executions/company.team/{name}").json()["id"]
            for name in ("asking", "asking", "unknown", "light")
        ]

        for execution_id in ids:
            wait_for(product, execution_id, "SUCCESS")


def test_light_tasks_do_not_wait_behind_scripts(start_distributed: StartDistributed) -> None:
    mark = endless_sleep()
    with start_distributed(KESTRA_WORKER_THREADS="1") as product:
        product.save_flow(SCRIPT % f"sleep {mark}")
        product.save_flow(LIGHT)
        # one runs, the others fill the worker and what it takes from the broker
        waiting = [
            product.call("POST", "/executions/company.team/script").json()["id"] for _ in range(12)
        ]
        wait_for_process(mark)

        execution = product.run("company.team/light")

        assert state_of(execution) == "SUCCESS"
        product.call("DELETE", "/executions/kill/by-ids", json=waiting)
        for execution_id in waiting:
            wait_for(product, execution_id, "KILLED")


@pytest.mark.parametrize("name", ["webserver", "executor", "scheduler", "worker", "standalone"])
def test_database_that_is_not_there_is_said_in_one_line(name: str, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}/none"

    server = ServerProcess(
        tmp_path,
        name,
        *("--data-dir", str(tmp_path)),
        command=KESTRA,
        DATABASE_URL=f"postgresql://somebody:hidden-word@{address}",
        MICRONAUT_SERVER_PORT="0",
    )

    assert server.end() == 1
    assert server.output.startswith(f"kestra: the database at {address} cannot be used: ")
    assert len(server.output.splitlines()) == 1
    assert "hidden-word" not in server.output


@pytest.mark.parametrize("name", ["webserver", "executor", "worker", "standalone"])
def test_redis_that_is_not_there_is_said_in_one_line(
    name: str, product: Product, tmp_path: Path
) -> None:
    address = f"127.0.0.1:{free_port()}"

    server = ServerProcess(
        tmp_path,
        name,
        *("--data-dir", str(tmp_path)),
        command=KESTRA,
        DATABASE_URL=product.database_url,
        MICRONAUT_SERVER_PORT="0",
        REDIS_URL=f"redis://:hidden-word@{address}/0",
    )

    assert server.end() == 1
    assert server.output.startswith(f"kestra: Redis at {address} cannot be used: ")
    assert len(server.output.splitlines()) == 1
    assert "hidden-word" not in server.output


@pytest.mark.parametrize("size", [10, 200_000])
def test_who_waits_is_told_what_is_read_afterwards(product: Product, size: int) -> None:
    told, read = told_and_read(product, size)

    assert told == read
    assert told["state"]["current"] == "WARNING"
