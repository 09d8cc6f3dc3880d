"""An engine and short ways to render with it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from expressions.engine import ExpressionEngine
from expressions.jq_programs import stop_workers
from expressions.services import ExpressionServices, InMemoryServices

Render = Callable[..., str]


@pytest.fixture(scope="session")
def engine() -> ExpressionEngine:
    return ExpressionEngine()


@pytest.fixture(scope="session", autouse=True)
def _no_worker_left() -> Iterator[None]:
    yield
    stop_workers()


@pytest.fixture
def services() -> InMemoryServices:
    return InMemoryServices(
        namespace="company.team",
        kv={"company.team": {"region": "eu", "limits": {"max": 5}}, "other": {"x": 1}},
        secrets={"company.team": {"TOKEN": "s3cr3t-value"}},
        files={"company.team": {"hello.txt": "hi\n"}},
        storage={"kestra:///company/team/my-flow/executions/e1/out.txt": "12345é"},
        error_logs=[{"taskId": "boom", "level": "ERROR"}],
    )


@pytest.fixture
def render(engine: ExpressionEngine) -> Render:
    """Renders a template with the variables given by name."""

    def rendered(template: str, /, services: ExpressionServices | None = None, **scope: Any) -> str:
        return engine.render(template, scope, services)

    return rendered
