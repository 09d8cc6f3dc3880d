"""`kestra server local`: starts, serves, stops, and says in a line why it can not."""

import json
import socket
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.processes import ServerProcess
from tests.support.servers import free_port

Start = Callable[..., ServerProcess]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[ServerProcess] = []

    def run(*arguments: str, **environment: str) -> ServerProcess:
        server = ServerProcess(
            tmp_path,
            *arguments,
            **{"DATABASE_URL": "", "KESTRA_ENCRYPTION_SECRET_KEY": ""} | environment,
        )
        started.append(server)
        return server

    yield run
    for server in started:
        server.kill()


def last_line(server: ServerProcess) -> str:
    return server.output.strip().splitlines()[-1]


def test_server_starts_on_an_empty_folder_and_stops_when_asked(
    start: Start, tmp_path: Path
) -> None:
    port = free_port()
    server = start("local", "--port", str(port), "--data-dir", str(tmp_path / "new"))

    server.wait_until_healthy(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
        health = json.load(answer)
    code = server.terminate()

    assert health == {"status": "UP"}
    assert code == 0
    assert "the engine was stopped" in server.output
    assert "Traceback" not in server.output
    assert (tmp_path / "new" / "encryption.key").exists()


def test_configured_administrator_can_sign_in(start: Start, tmp_path: Path) -> None:
    port = free_port()
    server = start(
        *("local", "--port", str(port), "--data-dir", str(tmp_path)),
        KESTRA_ADMIN_USER="admin@example.com",
        KESTRA_ADMIN_PASSWORD="weak-words",
    )
    server.wait_until_healthy(port)

    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/login",
        json.dumps({"username": "admin@example.com", "password": "weak-words"}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        cookie = answer.headers["Set-Cookie"]

    assert cookie.startswith("JWT=")
    assert "password is weak" in server.output
    assert "weak-words" not in server.output


def test_flows_of_a_folder_are_loaded_and_a_bad_one_is_told(start: Start, tmp_path: Path) -> None:
    flows = tmp_path / "flows"
    flows.mkdir()
    (flows / "good.yaml").write_text(
        "id: good\nnamespace: a.b\ntasks:\n"
        "  - {id: one, type: io.kestra.plugin.core.log.Log, message: hi}\n"
    )
    (flows / "wrong.yaml").write_text("id: wrong\nnamespace: a.b\ntasks: []\n")
    port = free_port()

    server = start(
        *("local", "--port", str(port), "--data-dir", str(tmp_path), "--flow-path", str(flows))
    )
    server.wait_until_healthy(port)

    assert f"Loaded 1 flows from {flows}" in server.output
    assert "wrong.yaml was not loaded" in server.output


def test_port_in_use_is_said_before_anything_is_made(start: Start, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        server = start("local", "--port", str(port), "--data-dir", str(tmp_path / "new"))

        assert server.end() == 1
        assert server.output.startswith(f"kestra: port {port} on 127.0.0.1 is in use")
    assert not (tmp_path / "new").exists()


def test_second_server_on_the_folder_is_refused(start: Start, tmp_path: Path) -> None:
    port = free_port()
    first = start("local", "--port", str(port), "--data-dir", str(tmp_path))
    first.wait_until_healthy(port)

    second = start("local", "--port", str(free_port()), "--data-dir", str(tmp_path))

    assert second.end() == 1
    assert f"another server (process {first.process.pid}) runs on the data folder" in second.output


def test_folder_that_can_not_be_made_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    server = start("local", "--port", "0", "--data-dir", str(tmp_path / "file" / "below"))

    assert server.end() == 1
    assert "cannot be used: Not a directory" in last_line(server)


def test_webserver_says_that_the_database_is_not_there(start: Start, tmp_path: Path) -> None:
    address = f"127.0.0.1:{free_port()}/none"

    server = start(
        *("webserver", "--port", "0"),
        DATABASE_URL=f"postgresql://somebody:hidden-word@{address}",
        KESTRA_ENCRYPTION_SECRET_KEY="0123456789abcdef0123456789abcdef",
    )

    assert server.end() == 1
    assert f"the database at {address} cannot be used" in last_line(server)
    assert "Traceback" not in server.output
    assert "hidden-word" not in server.output


@pytest.mark.parametrize("name", ["webserver", "executor", "scheduler", "worker"])
def test_server_without_a_key_says_how_to_make_one(name: str, start: Start, tmp_path: Path) -> None:
    server = start(name, "--data-dir", str(tmp_path))

    assert server.end() == 1
    assert "openssl rand -base64 32" in last_line(server)
