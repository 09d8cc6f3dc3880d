"""The dashboard: the first page of whoever may see executions."""

from datetime import timedelta

import pytest

from common.actor import SYSTEM
from common.clock import now
from common.ids import new_id
from common.tenancy import tenant_scope
from executions.models import Execution
from flows.services import save_flow
from flows.services.saving import read_source

SOURCE = """
id: etl
namespace: company.data
tasks:
  - {id: hello, type: io.kestra.plugin.core.log.Log, message: Hello}
"""
PAGE = "/ui/main/dashboard"


def run(state, *, namespace="company.data", age=timedelta(hours=1)):
    moment = now() - age
    is_open = state == "RUNNING"
    public_id = new_id()
    with tenant_scope("main"):
        Execution.objects.create(
            public_id=public_id,
            namespace=namespace,
            flow_id="etl",
            flow_revision=1,
            shard=0,
            state=state,
            history=[],
            is_open=is_open,
            created_at=moment,
            started_at=moment,
            ended_at=None if is_open else moment + timedelta(seconds=5),
            labels=[],
            original_id=public_id,
        )
    return public_id


@pytest.fixture
def viewer(client_for):
    client = client_for("Viewer")
    with tenant_scope("main"):
        save_flow(actor=SYSTEM, parsed=read_source(SOURCE))
    return client


def text_of(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_cards_tell_the_ratios_of_what_ended(viewer):
    for state in ("SUCCESS", "SUCCESS", "WARNING", "FAILED", "RUNNING"):
        run(state)

    text = text_of(viewer.get(PAGE))

    assert "75.0 %" in text
    assert "25.0 %" in text
    assert "3 of 4 that ended" in text
    assert f'href="/ui/main/executions">{5}</a>' in text


def test_what_runs_and_what_failed_is_listed(viewer):
    running, failed, gone = run("RUNNING"), run("FAILED"), run("SUCCESS")

    text = text_of(viewer.get(PAGE))

    for public_id in (running, failed):
        assert f'href="/ui/main/executions/company.data/etl/{public_id}"' in text
    assert gone not in text


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 2),
        ("?timeRange=PT24H", 1),
        ("?timeRange=P30D", 3),
        ("?namespace=company.data", 1),
        ("?namespace=company", 2),
        ("?namespace=comp", 0),
    ],
)
def test_address_says_what_is_counted(viewer, query, number):
    run("SUCCESS")
    run("SUCCESS", namespace="company.shop", age=timedelta(days=3))
    run("SUCCESS", namespace="company.shop", age=timedelta(days=20))

    assert f">{number}</a></p><p" in text_of(viewer.get(PAGE + query)).replace(
        "</a> </p>", "</a></p>"
    )


def test_filters_can_be_cleared(viewer):
    assert f'href="{PAGE}">Clear</a>' in text_of(viewer.get(f"{PAGE}?namespace=company"))


def test_chart_is_a_table_that_adds_up(viewer):
    for state in ("SUCCESS", "FAILED", "FAILED"):
        run(state)

    text = text_of(viewer.get(PAGE))

    assert text.index('<th scope="col" class="cell-number" data-state="SUCCESS"') < text.index(
        '<th scope="col" class="cell-number" data-state="FAILED"'
    )
    assert text.count('data-number="2"') == 1


def test_days_are_whole_and_in_the_zone_of_the_caller(viewer):
    run("SUCCESS", age=timedelta(days=2))
    day = (now() - timedelta(days=2)).date().isoformat()

    viewer.cookies["zone"] = "UTC"
    assert "started in this time" in text_of(viewer.get(f"{PAGE}?startDate={day}&endDate={day}"))


@pytest.mark.parametrize(
    "query", ["?timeRange=soon", "?startDate=tomorrow", "?startDate=2026-02-01&endDate=2026-01-01"]
)
def test_span_that_is_none_is_refused(viewer, query):
    assert viewer.get(PAGE + query).status_code == 422


def test_executions_of_others_are_not_counted(client_for):
    client = client_for("Viewer", namespace="company.shop")
    with tenant_scope("main"):
        save_flow(actor=SYSTEM, parsed=read_source(SOURCE))
    run("FAILED")

    text = text_of(client.get(PAGE))

    assert "Nothing ran in this time" in text
    assert "company.data" not in text


def test_welcome_stays_while_there_is_no_flow(client_for):
    assert client_for("Developer").get(PAGE).headers["Location"] == "/ui/main/welcome"


def test_home_leads_to_the_dashboard(viewer):
    assert viewer.get("/ui/main/").headers["Location"] == PAGE


def test_page_needs_the_permission(client_for):
    answer = client_for({"FLOW": ["LIST"]}).get(PAGE)

    assert answer.status_code == 403
    assert b"EXECUTION:LIST" in answer.content
