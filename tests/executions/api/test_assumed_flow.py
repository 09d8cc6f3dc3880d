"""A flow that this process remembers is started only if it still is the latest revision."""

from typing import Any

import pytest
from django.db import connection

from executions.models import Execution
from tests.flows.sources import flow

ROOT = "/api/v1/main"
START = f"{ROOT}/executions/company.team/hello"

pytestmark = pytest.mark.usefixtures("tenant")


@pytest.fixture
def start(super_client: Any) -> Any:
    return lambda query="": super_client.generic("POST", START + query)


def revision_of(response: Any) -> int:
    assert response.status_code == 200, response.content
    return Execution.objects.get(public_id=response.json()["id"]).flow_revision


@pytest.mark.postgres
def test_the_remembered_revision_is_not_asked_for_again(
    save_flow: Any, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from executions.api import creation

    if connection.vendor != "postgresql":
        pytest.skip("SQLite is asked each time: it costs less than the memory of it")
    save_flow(flow())
    assert revision_of(start()) == 1

    monkeypatch.setattr(creation, "get_flow", None)
    assert revision_of(start()) == 1


def test_a_newer_revision_is_noticed(save_flow: Any, start: Any, super_client: Any) -> None:
    save_flow(flow())
    start()
    changed = flow(more="labels: {team: b}\n")
    save_changed(super_client, changed)

    assert revision_of(start()) == 2
    assert revision_of(start()) == 2
    assert Execution.objects.count() == 3


def test_the_newer_revision_decides_what_is_refused(
    save_flow: Any, start: Any, super_client: Any
) -> None:
    save_flow(flow(more="inputs: [{id: needed, type: STRING}]\n"))
    assert start().status_code == 422
    save_changed(super_client, flow())

    assert revision_of(start()) == 2


def test_a_deleted_flow_is_gone(save_flow: Any, start: Any, send: Any) -> None:
    save_flow(flow())
    start()
    send("DELETE", "/flows/company.team/hello")

    assert start().status_code == 404
    assert Execution.objects.count() == 1


def save_changed(client: Any, source: str) -> None:
    path = f"{ROOT}/flows/company.team/hello"
    response = client.generic("PUT", path, source, content_type="application/x-yaml")
    assert response.status_code == 200, response.content
