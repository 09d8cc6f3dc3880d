"""What the README shows is done as it stands there: its calls of `curl` over HTTP, its calls of
`kestra` as commands, with the ports of the test instead of 8080 and 8000."""

import re
import shlex
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.support.modules import ROOT
from tests.support.processes import run_kestra
from tests.support.product import Product, state_of

_COMMAND = re.compile(r"^    ((?:curl|\.venv/bin/kestra) (?:.*\\\n)*.*)", re.MULTILINE)


def commands(title: str) -> list[list[str]]:
    """The words of each command below that heading."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.split(f"## {title}\n")[1].split("\n## ")[0]
    return [shlex.split(found) for found in _COMMAND.findall(section)]


def curl(product: Product, words: list[str], **replaced: str) -> httpx.Response:
    """Those options of curl that the README uses."""
    given: dict[str, Any] = {}
    method, url = "", ""
    rest = iter(words[1:])
    for word in rest:
        if word == "-X":
            method = next(rest)
        elif word == "-u":
            given["auth"] = tuple(next(rest).split(":"))
        elif word == "-H":
            name, value = next(rest).split(": ")
            given.setdefault("headers", {})[name] = value
        elif word == "--data-binary":
            given["content"] = (ROOT / next(rest).removeprefix("@")).read_bytes()
        elif word == "-F":
            name, value = next(rest).split("=")
            given.setdefault("files", []).append((name, (None, value)))
        elif word == "-o":
            next(rest)
        else:
            url = word.replace("http://localhost:8080", product.url)
    for name, value in replaced.items():
        url = url.replace(name, value)
    method = method or ("POST" if {"content", "files"} & given.keys() else "GET")
    answer = httpx.request(method, url, timeout=60, **given)
    assert answer.status_code == 200, f"{words}: {answer.text}"
    return answer


@pytest.fixture
def orders() -> Iterator[int]:
    """`python3 -m http.server --directory examples/orders`; its port."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *arguments: Any) -> None:
            """Nothing."""

    handler = partial(Quiet, directory=str(ROOT / "examples" / "orders"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_first_flow_runs_as_shown(product: Product) -> None:
    save, run, *of_command_line = commands("A first flow")

    curl(product, save)
    execution = curl(product, run).json()
    validated, created = (
        run_kestra(*words[1:], "--server", product.url) for words in of_command_line
    )

    assert state_of(execution) == "SUCCESS"
    assert execution["taskRunList"][-1]["outputs"] == {"value": "Hello, you!"}
    assert validated.returncode == 0, validated.stdout + validated.stderr
    assert "already exists" in created.stderr


def test_pipeline_runs_as_shown(product: Product, orders: int) -> None:
    save, run, log, download = commands("A small pipeline")

    curl(product, save)
    url = f"url=http://127.0.0.1:{orders}/orders.json"
    execution = curl(product, [*run, "-F", url]).json()
    replaced = {"ID": execution["id"], "ADDRESS": execution["outputs"]["report"]}
    text = curl(product, log, **replaced).text
    report = curl(product, download, **replaced).text

    assert state_of(execution) == "SUCCESS"
    assert "Priced 4 orders" in text
    assert report.splitlines() == [
        "product,orders,total",
        "pears,1,8.0",
        "apples,2,6.0",
        "plums,1,5.0",
    ]
