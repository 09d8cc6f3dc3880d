"""The drivers of the recorded cases, run as anybody would run them."""

import shlex

from tests.support.conformance import conformance_folder, run_driver, run_execution_cases
from tests.support.processes import KESTRA
from tests.support.product import Product


def test_every_recorded_expression_gives_what_was_recorded() -> None:
    last = run_driver(
        "run_expressions.py",
        str(conformance_folder() / "expressions.yaml"),
        "--with-fixtures",
        *("--command", shlex.join([*KESTRA, "expressions", "eval"])),
    )

    assert last == "260 passed, 0 failed"


def test_recorded_executions_end_as_recorded_on_the_embedded_server(product: Product) -> None:
    assert run_execution_cases(product) == "36 passed, 0 failed, 0 skipped"
