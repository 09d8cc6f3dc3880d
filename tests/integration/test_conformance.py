"""The recorded executions on PostgreSQL, Redis and Celery."""

from tests.support.conformance import run_execution_cases
from tests.support.product import Product


def test_recorded_executions_end_as_recorded_on_processes(product: Product) -> None:
    assert run_execution_cases(product) == "36 passed, 0 failed, 0 skipped"
