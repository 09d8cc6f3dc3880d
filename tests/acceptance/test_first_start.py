"""A server on an empty folder: set up, used, stopped and started again."""

import json
from pathlib import Path

import httpx
import pytest

from tests.support.awaited import told_and_read
from tests.support.processes import KESTRA, ServerProcess, endless_sleep, processes_with
from tests.support.product import PASSWORD, USERNAME, Product, local_product, state_of
from tests.support.servers import free_port

GREETING = """
id: greeting
namespace: company.team
inputs:
  - {id: name, type: STRING}
tasks:
  - {id: hello, type: io.kestra.plugin.core.log.Log, message: "Hello, {{ inputs.name }}!"}
  - id: write
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    outputFiles: [greeting.txt]
    commands: ['echo "to {{ inputs.name }}" > greeting.txt']
outputs:
  - {id: letter, type: FILE, value: "{{ outputs.write.outputFiles['greeting.txt'] }}"}
"""
LONG = """
id: long
namespace: company.team
tasks:
  - id: wait
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands: ["echo started; sleep %s"]
"""
NO_USER = {"KESTRA_ADMIN_USER": "", "KESTRA_ADMIN_PASSWORD": ""}


def test_first_user_sets_up_signs_in_and_runs_a_flow(tmp_path: Path) -> None:
    with local_product(tmp_path, **NO_USER) as product:
        root = f"{product.url}/api/v1"
        refused = httpx.get(f"{root}/main/flows/search")
        done = httpx.post(f"{root}/setup", json={"username": USERNAME, "password": PASSWORD})
        again = httpx.post(f"{root}/setup", json={"username": USERNAME, "password": PASSWORD})
        browser = httpx.Client(base_url=f"{root}/main")
        signed_in = browser.post(
            f"{product.url}/login", json={"username": USERNAME, "password": PASSWORD}
        )
        found = browser.get("/flows/search")
        product.save_flow(GREETING)
        execution = product.run("company.team/greeting", {"name": "Ada"})
        letter = product.call(
            "GET",
            f"/executions/{execution['id']}/file",
            params={"path": execution["outputs"]["letter"]},
        )

        assert (refused.status_code, done.status_code, again.status_code) == (401, 200, 405)
        assert (signed_in.status_code, found.status_code) == (200, 200)
        assert state_of(execution) == "SUCCESS"
        assert "Hello, Ada!" in product.log_of(execution)
        assert letter.text == "to Ada\n"
        browser.close()


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    with local_product(tmp_path) as product:
        product.save_flow(GREETING)
        execution = product.run("company.team/greeting", {"name": "Ada"})
    with local_product(tmp_path) as product:
        found = product.call("GET", f"/executions/{execution['id']}").json()
        log = product.log_of(execution)

    assert state_of(found) == "SUCCESS"
    assert "Hello, Ada!" in log


def test_server_that_is_stopped_leaves_no_process_behind(tmp_path: Path) -> None:
    with local_product(tmp_path) as product:
        product.save_flow(GREETING)
        product.run("company.team/greeting", {"name": "Ada"})

        code = product.server.terminate()

    assert code == 0
    assert processes_with(str(product.data_dir)) == []
    assert "Traceback" not in product.server.output


def test_running_script_is_ended_when_the_grace_of_a_stop_is_over(tmp_path: Path) -> None:
    mark = endless_sleep()
    with local_product(tmp_path, KESTRA_SERVER_TERMINATION_GRACE_PERIOD="PT0.5S") as product:
        product.save_flow(LONG % mark)
        answer = product.call("POST", "/executions/company.team/long").json()
        follow_until(product, answer["id"], "started")

        code = product.server.terminate()

    assert code == 0
    assert processes_with(mark) == []


def follow_until(product: Product, execution_id: str, words: str) -> None:
    """Reads the log as it is written until it has those words."""
    with httpx.stream(
        "GET",
        f"{product.url}/api/v1/main/logs/{execution_id}/follow",
        auth=(USERNAME, PASSWORD),
        timeout=60,
    ) as lines:
        for line in lines.iter_lines():
            if line.startswith("data:") and words in line and json.loads(line[5:]).get("message"):
                return
    raise AssertionError(f"{words!r} was never logged")


@pytest.mark.parametrize("name", ["kestra.sqlite3", "encryption.key"])
def test_folder_that_cannot_be_used_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / name).mkdir(parents=True)

    server = ServerProcess(
        tmp_path,
        *("local", "--port", str(free_port()), "--data-dir", str(tmp_path / "data")),
        command=KESTRA,
        DATABASE_URL="",
        KESTRA_ENCRYPTION_SECRET_KEY="",
    )

    assert server.end() == 1
    assert server.output.splitlines()[-1].startswith("kestra: ")
    assert "Traceback" not in server.output


@pytest.mark.parametrize("size", [10, 200_000])
def test_who_waits_is_told_what_is_read_afterwards(tmp_path: Path, size: int) -> None:
    with local_product(tmp_path) as product:
        told, read = told_and_read(product, size)

    assert told == read
    assert told["state"]["current"] == "WARNING"
