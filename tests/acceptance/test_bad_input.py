"""What bad input gets: a clear refusal, or a task run that ends with the right state, and a server
that goes on as before."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import endless_sleep, processes_with
from tests.support.product import Product, state_of

HEAD = "id: bad\nnamespace: bad.input\n"
SHELL = """
id: %s
namespace: bad.input
tasks:
  - id: script
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - |
        %s
"""


@pytest.mark.parametrize(
    ("source", "words", "place"),
    [
        (HEAD + "tasks: [", "", ""),
        (
            HEAD + "tasks:\n  - {id: a, type: io.kestra.plugin.core.log.Lg}\n",
            "io.kestra.plugin.core.log.Log",
            "line 4",
        ),
        (
            HEAD + "tasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n    mesage: hi\n",
            "message",
            "line 6",
        ),
        (
            HEAD
            + "tasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n    message: hi\n"
            + "    allowFailure: [1]\n",
            "allowFailure",
            "line 7",
        ),
    ],
    ids=["yaml that cannot be read", "unknown type", "unknown property", "wrong kind"],
)
def test_flow_that_is_wrong_is_refused_with_its_place(
    product: Product, source: str, words: str, place: str
) -> None:
    answer = product.send_flow(source)

    assert answer.status_code == 422, answer.text
    message = answer.json()["message"]
    assert words in message
    assert place in message
    assert "column" in message
    assert product.call("GET", "/flows/bad.input/bad").status_code == 404


def run_shell(product: Product, name: str, script: str) -> tuple[dict[str, Any], str]:
    product.save_flow(SHELL % (name, script))
    execution = product.run(f"bad.input/{name}")
    return execution, product.log_of(execution)


def test_expression_that_fails_is_in_the_log_with_the_missing_name(product: Product) -> None:
    product.save_flow(
        HEAD.replace("bad\n", "missing\n", 1)
        + "tasks:\n  - id: a\n    type: io.kestra.plugin.core.log.Log\n"
        + "    message: '{{ nothing.of.the.kind }}'\n"
    )

    execution = product.run("bad.input/missing")

    assert state_of(execution) == "FAILED"
    assert state_of(execution["taskRunList"][0]) == "FAILED"
    log = product.log_of(execution)
    assert "{{ nothing.of.the.kind }}" in log
    assert "Unable to find `nothing`" in log


@pytest.mark.parametrize(
    ("name", "script", "words"),
    [
        ("absent", "/no/such/program", "/no/such/program"),
        ("failing", "echo before; exit 3", "3"),
    ],
)
def test_script_that_fails_is_a_failed_task(
    product: Product, name: str, script: str, words: str
) -> None:
    execution, log = run_shell(product, name, script)

    assert state_of(execution) == "FAILED"
    assert words in log


def test_bytes_that_are_no_text_are_shown_as_far_as_they_can_be(product: Product) -> None:
    execution, log = run_shell(product, "bytes", r"printf 'caf\351 \377\376 end\n'")

    assert state_of(execution) == "SUCCESS"
    assert "caf" in log
    assert "end" in log


def test_line_of_100_megabytes_leaves_the_memory_of_the_server_flat(product: Product) -> None:
    run_shell(product, "warm", "echo warm")
    before = memory_of(product)

    execution, log = run_shell(
        product, "flood", "head -c 104857600 /dev/zero | tr '\\\\0' x; echo; echo after"
    )

    assert state_of(execution) == "SUCCESS"
    assert "after" in log
    assert len(log) < 2_000_000
    assert memory_of(product) - before < 30_000_000


def test_children_that_outlive_their_script_are_ended(product: Product) -> None:
    mark = endless_sleep()

    execution, _ = run_shell(
        product, "forking", f"(setsid sleep {mark} &) ; sleep {mark} & echo done"
    )

    assert state_of(execution) == "SUCCESS"
    assert processes_with(mark) == []


def memory_of(product: Product) -> int:
    """The server's resident memory in bytes."""
    status = Path(f"/proc/{product.server.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) * 1024
