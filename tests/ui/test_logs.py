"""The page of all log lines."""

from datetime import timedelta

import pytest

from common.clock import now
from common.tenancy import tenant_scope
from executions.models import LogEntry
from ui.logs import views


def write(message, *, level="INFO", namespace="company.data", age=timedelta()):
    moment = now() - age
    with tenant_scope("main"):
        LogEntry.objects.create(
            day=moment.date(),
            namespace=namespace,
            flow_id="etl",
            execution_id="2Abcdefghijklmnopqrstu",
            task_id="load",
            level=level,
            message=message,
            timestamp=moment,
        )


@pytest.fixture
def viewer(client_for):
    client = client_for("Viewer")
    write("loaded 3 rows")
    write("no such table", level="ERROR", age=timedelta(minutes=1))
    write("sent", level="WARN", namespace="company.marketing", age=timedelta(days=3))
    write("long ago", age=timedelta(days=20))
    return client


def lines_in(answer):
    text = answer.content.decode()
    messages = ("loaded 3 rows", "no such table", "sent", "long ago")
    return [message for message in messages if f">{message}</pre>" in text]


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("", ["loaded 3 rows", "no such table", "sent"]),
        ("?q=table", ["no such table"]),
        ("?filters[level][GREATER_THAN_OR_EQUAL_TO]=WARN", ["no such table", "sent"]),
        ("?filters[namespace][PREFIX]=company.marketing", ["sent"]),
        ("?filters[timeRange][EQUALS]=P1D", ["loaded 3 rows", "no such table"]),
        ("?filters[startDate][LESS_THAN_OR_EQUAL_TO]=P10D", ["long ago"]),
        ("?q=nothing-like-it", []),
    ],
)
def test_address_is_the_state_of_the_list(viewer, query, lines):
    assert lines_in(viewer.get(f"/ui/main/logs{query}")) == lines


def test_line_leads_to_its_execution_and_its_flow(viewer):
    text = viewer.get("/ui/main/logs?q=loaded").content.decode()

    assert 'href="/ui/main/executions/company.data/etl/2Abcdefghijklmnopqrstu"' in text
    assert 'href="/ui/main/flows/edit/company.data/etl"' in text


def test_pages_go_on_and_end_at_the_most(viewer, monkeypatch):
    monkeypatch.setattr(views, "MOST_LISTED", 15)
    for number in range(20):
        write(f"line {number}")

    first = viewer.get("/ui/main/logs?size=10").content.decode()
    second = viewer.get("/ui/main/logs?size=10&page=2").content.decode()

    assert "1 to 10 of 15" in first
    assert "11 to 15 of 15" in second
    assert 'rel="next"' not in second


def test_download_is_what_the_filters_let_through_oldest_first(viewer):
    answer = viewer.get("/ui/main/logs/download?filters[namespace][EQUALS]=company.data")

    lines = answer.content.decode().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == [
        "ERROR no such table",
        "INFO loaded 3 rows",
    ]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_lines_of_other_namespaces_are_not_there(client_for):
    client = client_for("Viewer", namespace="company.marketing")
    write("loaded 3 rows")
    write("sent", namespace="company.marketing")

    assert lines_in(client.get("/ui/main/logs")) == ["sent"]


def test_reading_logs_is_a_permission_of_its_own(client_for):
    answer = client_for({"EXECUTION": ["LIST", "VIEW"]}).get("/ui/main/logs")

    assert answer.status_code == 403
    assert b"EXECUTION:ACCESS_LOGS" in answer.content


def test_page_that_is_none_is_refused(viewer):
    assert viewer.get("/ui/main/logs?page=0").status_code == 422
