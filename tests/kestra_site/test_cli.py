"""The `kestra` command from outside: words, exit codes, and one clear line on failure."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from kestra_site.cli import main
from tests.support.servers import free_port

FLOW = "id: one\nnamespace: a.b\ntasks: []\n"


def kestra(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kestra_site", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", **environment},
    )


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command in this process, which spares it the start; for those that install nothing."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["kestra", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return call


class RecordingServer:
    """Answers every call with what it is told to, and remembers what it was sent."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.status = 200
        self.body: Any = {}
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                recorder.calls.append(
                    {
                        "method": self.command,
                        "path": self.path,
                        "headers": dict(self.headers),
                        "body": self.rfile.read(length).decode(errors="replace"),
                    }
                )
                body = recorder.body
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(recorder.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments: Any) -> None:
                """Quiet."""

        for method in ("GET", "POST", "PUT", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.answer)
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    server = RecordingServer()
    yield server
    server.close()


@pytest.fixture
def flow_file(tmp_path: Path) -> Path:
    file = tmp_path / "one.yaml"
    file.write_text(FLOW)
    return file


def test_version_is_printed_without_loading_django() -> None:
    code = "import sys; sys.argv=['kestra','version']; from kestra_site.cli import main; main();"

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code + "sys.exit('django' in sys.modules or 'httpx' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert done.stdout.strip().count(".") == 2


def test_help_lists_every_group() -> None:
    done = kestra("--help")

    assert done.returncode == 0
    for word in ("server", "flow", "namespace", "auths", "tenants", "plugins", "expressions"):
        assert word in done.stdout


def test_wrong_option_ends_with_two() -> None:
    assert kestra("server", "local", "--no-such-option").returncode == 2


def test_other_words_are_django_commands() -> None:
    done = kestra("check", DATABASE_URL="sqlite://")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("flow", "validate", "/no/such/file"), "/no/such/file does not exist"),
        (("server", "local", "--config", "/no/such.yaml"), "/no/such.yaml cannot be read"),
        (("server", "local", "--flow-path", "/no/such"), "--flow-path /no/such does not exist"),
        (("server", "standalone"), "server standalone needs PostgreSQL"),
        (("plugins", "doc", "io.kestra.no.Such"), "io.kestra.no.Such"),
    ],
)
def test_failure_is_one_line_without_traceback(arguments: tuple[str, ...], said: str) -> None:
    done = kestra(*arguments, DATABASE_URL="")

    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_server_that_does_not_answer_is_named(run: Run, flow_file: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"

    done = run("flow", "create", str(flow_file), "--server", url)

    assert done.returncode == 1
    assert f"no answer from {url}" in done.stderr
    assert "Traceback" not in done.stderr


def test_flow_is_sent_as_yaml_to_the_tenant(
    run: Run, server: RecordingServer, flow_file: Path
) -> None:
    server.body = {"namespace": "a.b", "id": "one", "revision": 1}

    done = run(
        "flow", "create", str(flow_file), "--server", server.url, "--tenant", "t", "--user", "u:p"
    )

    call = server.calls[0]
    assert done.stdout == "a.b.one revision 1\n"
    assert (call["method"], call["path"], call["body"]) == ("POST", "/api/v1/t/flows", FLOW)
    assert call["headers"]["Content-Type"] == "application/x-yaml"
    assert call["headers"]["Authorization"].startswith("Basic ")


def test_token_and_further_headers_are_sent(
    run: Run, server: RecordingServer, flow_file: Path
) -> None:
    server.body = []

    run(
        *("flow", "validate", str(flow_file), "--server", server.url),
        *("--api-token", "abc", "--headers", "X-One=1", "--headers", "X-Two=2"),
    )

    headers = server.calls[0]["headers"]
    assert headers["Authorization"] == "Bearer abc"
    assert (headers["X-One"], headers["X-Two"]) == ("1", "2")


def test_invalid_flow_is_told_and_ends_with_one(
    run: Run, server: RecordingServer, flow_file: Path
) -> None:
    server.body = [{"index": 0, "flow": "one", "namespace": "a.b", "constraints": "no tasks"}]

    done = run("flow", "validate", str(flow_file), "--server", server.url)

    assert done.returncode == 1
    assert "✘ a.b.one" in done.stdout
    assert "no tasks" in done.stdout


def test_refusal_shows_the_servers_own_words(
    run: Run, server: RecordingServer, flow_file: Path
) -> None:
    server.status, server.body = 422, {"message": "Invalid entity: flow.id: taken"}

    done = run("flow", "create", str(flow_file), "--server", server.url)

    assert done.returncode == 1
    assert done.stderr == "kestra: Invalid entity: flow.id: taken\n"


def test_namespace_update_sends_all_files_and_the_wish_to_delete(
    run: Run, server: RecordingServer, tmp_path: Path
) -> None:
    (tmp_path / "one.yaml").write_text(FLOW)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "two.yml").write_text(FLOW.replace("one", "two"))
    server.body = [{"namespace": "a.b", "id": "gone", "deleted": True}]

    done = run(
        "flow", "namespace", "update", "a.b", str(tmp_path), "--delete", "--server", server.url
    )

    assert server.calls[0]["path"] == "/api/v1/flows/a.b?delete=true"
    assert server.calls[0]["body"].count("namespace: a.b") == 2
    assert "a.b.gone deleted" in done.stdout


def test_export_writes_the_zip(run: Run, server: RecordingServer, tmp_path: Path) -> None:
    server.body = b"PK"

    done = run(
        "flow", "export", str(tmp_path / "out"), "--namespace", "a.b", "--server", server.url
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "flows.zip").read_bytes() == b"PK"
    assert server.calls[0]["path"] == "/api/v1/flows/export/by-query?namespace=a.b"


def test_update_and_delete_name_the_flow(
    run: Run, server: RecordingServer, flow_file: Path
) -> None:
    server.body = {"namespace": "a.b", "id": "one", "revision": 2}

    run("flow", "update", str(flow_file), "a.b", "one", "--server", server.url)
    run("flow", "delete", "a.b", "one", "--server", server.url)

    assert [(call["method"], call["path"]) for call in server.calls] == [
        ("PUT", "/api/v1/flows/a.b/one"),
        ("DELETE", "/api/v1/flows/a.b/one"),
    ]


def test_namespace_files_keep_their_folders(
    run: Run, server: RecordingServer, tmp_path: Path
) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "main.py").write_text("x = 1")
    (tmp_path / ".hidden").write_text("")

    run("namespace", "files", "update", "a.b", str(tmp_path), "code", "--server", server.url)

    assert [call["path"] for call in server.calls] == [
        "/api/v1/namespaces/a.b/files?path=%2Fcode%2Fscripts%2Fmain.py"
    ]


def test_types_are_listed(run: Run) -> None:
    done = run("plugins", "list")

    assert "io.kestra.plugin.core.log.Log" in done.stdout.splitlines()


def test_type_has_a_page(run: Run) -> None:
    done = run("plugins", "doc", "io.kestra.plugin.core.log.Log")

    assert done.stdout.startswith("# io.kestra.plugin.core.log.Log")
    assert "`message`" in done.stdout
