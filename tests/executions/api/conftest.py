"""Clients, flows and rows for tests of the API of executions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from common.tenancy import tenant_scope
from tests.support.fixtures import anonymous, client_for, super_client  # noqa: F401  # fixtures

Send = Callable[..., Any]
ROOT = "/api/v1/main"


@pytest.fixture(autouse=True)
def _nothing_compiled() -> Iterator[None]:
    from flows.cache import forget_compiled_flows  # conftests are read before Django's apps

    forget_compiled_flows()
    yield
    forget_compiled_flows()


@pytest.fixture
def tenant(db: None) -> Iterator[str]:
    with tenant_scope("main"):
        yield "main"


@pytest.fixture
def send(super_client: Any) -> Send:  # noqa: F811  # the fixture
    """`send("POST", "/executions/bulk", [...])`: JSON of the super-admin in tenant `main`."""

    def send_json(method: str, path: str, body: Any = None, **extra: Any) -> Any:
        return super_client.json(method, ROOT + path, body, **extra)

    return send_json


@pytest.fixture
def save_flow(super_client: Any) -> Send:  # noqa: F811  # the fixture
    """Saves a source; gives the answer's body."""

    def save(source: str) -> Any:
        response = super_client.generic(
            "POST", f"{ROOT}/flows", source, content_type="application/x-yaml"
        )
        assert response.status_code == 200, response.content
        return response.json()

    return save


@pytest.fixture(autouse=True)
def _nobody_waits_for_an_execution_to_appear(monkeypatch: pytest.MonkeyPatch) -> None:
    from executions.api import streams  # as above

    monkeypatch.setattr(streams, "APPEAR_SECONDS", 0.0)
