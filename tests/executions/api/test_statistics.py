"""Figures over time, and task runs over all executions."""

from datetime import timedelta
from typing import Any

import pytest

from common.tenancy import tenant_scope
from plugins.contracts.state import State
from tests.executions.rows import START, a_line, a_task_run, an_execution
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")

DAY = timedelta(days=1)
SPAN = {"startDate": "2026-02-28T00:00:00Z", "endDate": "2026-03-02T23:59:59Z"}
TASK_RUN_TIMES = {"started_at": START, "ended_at": START + timedelta(seconds=3)}


def counts(period: Any, name: str = "executionCounts") -> dict[str, int]:
    return {key: value for key, value in period[name].items() if value}


def test_executions_are_counted_by_day_and_state(send: Any) -> None:
    an_execution()
    an_execution(ended_at=START + timedelta(seconds=6))
    an_execution(State.FAILED, start=START + DAY)
    an_execution(start=START - 9 * DAY)

    before, first, second = send("POST", "/stats/executions/daily", SPAN).json()

    assert [each["startDate"][:10] for each in (before, first, second)] == [
        "2026-02-28",
        "2026-03-01",
        "2026-03-02",
    ]
    assert [counts(each) for each in (before, first, second)] == [
        {},
        {"SUCCESS": 2},
        {"FAILED": 1},
    ]
    assert first["groupBy"] == "day"
    assert first["duration"] == {
        "min": "PT2S",
        "avg": "PT4S",
        "max": "PT6S",
        "sum": "PT8S",
        "count": 2,
    }
    assert before["executionCounts"]["RUNNING"] == 0
    assert before["duration"]["count"] == 0


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"namespace": "company"}, {"SUCCESS": 1, "FAILED": 1}),
        ({"flowId": "other"}, {"FAILED": 1}),
        ({"state": ["FAILED", "KILLED"]}, {"FAILED": 1}),
        ({"q": "hell"}, {"SUCCESS": 1}),
        ({"labels": {"team": "a"}}, {"SUCCESS": 1}),
        ({"flows": [{"namespace": "company.team", "id": "other"}]}, {"FAILED": 1}),
        ({"scope": ["SYSTEM"]}, {}),
    ],
)
def test_what_is_counted_is_chosen_by_the_body(send: Any, asked: Any, expected: Any) -> None:
    an_execution(labels=[{"key": "team", "value": "a"}])
    an_execution(State.FAILED, flow_id="other")
    an_execution(namespace="elsewhere", flow_id="else")
    day = send("POST", "/stats/executions/daily", {**SPAN, **asked}).json()[1]

    assert counts(day) == expected


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"startDate": "yesterday"},
        {"startDate": 5},
        {"startDate": "2026-03-02T00:00:00Z", "endDate": "2026-03-01T00:00:00Z"},
        {"timeRange": "P1D", "startDate": "2026-03-01T00:00:00Z"},
        {"timeRange": "P99999999Y"},
        {"state": "SLEEPY"},
        {"flows": [{"id": "a"}]},
    ],
)
def test_a_body_that_makes_no_sense_is_refused(send: Any, body: Any) -> None:
    assert send("POST", "/stats/executions/daily", body).status_code == 422


def test_thirty_days_are_shown_where_no_dates_are_given(send: Any) -> None:
    assert len(send("POST", "/stats/executions/daily", {}).json()) == 31
    assert len(send("POST", "/stats/executions/daily", {"timeRange": "P6D"}).json()) == 7


def test_executions_are_counted_by_flow(send: Any) -> None:
    an_execution()
    an_execution(flow_id="other")
    an_execution(namespace="elsewhere")

    by_flow = send("POST", "/stats/executions/daily/group-by-flow", SPAN).json()
    by_namespace = send(
        "POST", "/stats/executions/daily/group-by-flow", {**SPAN, "namespaceOnly": True}
    ).json()

    assert {name: sorted(flows) for name, flows in by_flow.items()} == {
        "company.team": ["hello", "other"],
        "elsewhere": ["hello"],
    }
    assert counts(by_flow["company.team"]["other"][1]) == {"SUCCESS": 1}
    assert counts(by_namespace["company.team"]["*"][1]) == {"SUCCESS": 2}


def test_executions_are_counted_by_namespace(send: Any) -> None:
    an_execution()
    an_execution(State.FAILED)
    an_execution(start=START - 9 * DAY)

    found = send("POST", "/stats/executions/daily/group-by-namespace", SPAN).json()

    assert list(found) == ["company.team"]
    assert found["company.team"]["total"] == 2
    assert counts(found["company.team"], "counts") == {"SUCCESS": 1, "FAILED": 1}


def test_latest_executions_of_flows_are_whole_ones(send: Any) -> None:
    an_execution()
    newest = an_execution(State.FAILED, start=START + DAY)
    an_execution(flow_id="other")

    body = {"flows": [{"namespace": "company.team", "id": "hello"}]}
    (found,) = send("POST", "/stats/executions/latest/group-by-flow", body).json()

    assert (found["id"], found["state"]["current"]) == (newest.public_id, "FAILED")
    assert send("POST", "/stats/executions/latest/group-by-flow", {}).json() == []


def test_log_lines_are_counted_by_level(send: Any) -> None:
    row = an_execution()
    a_line(row, "a")
    a_line(row, "b", level="ERROR")
    a_line(row, "c", level="DEBUG")

    found = send("POST", "/stats/logs/daily", {**SPAN, "minLevel": "INFO"}).json()

    assert [counts(each, "counts") for each in found] == [{}, {"INFO": 1, "ERROR": 1}, {}]
    assert found[0] == {
        "timestamp": "2026-02-28T00:00:00.000000Z",
        "counts": {"TRACE": 0, "DEBUG": 0, "INFO": 0, "WARN": 0, "ERROR": 0},
        "groupBy": "day",
    }


def test_task_runs_are_counted_by_day(send: Any) -> None:
    row = an_execution(labels=[{"key": "team", "value": "a"}])
    a_task_run(row, **TASK_RUN_TIMES)
    a_task_run(row, "fail", state="FAILED", **TASK_RUN_TIMES)
    a_task_run(an_execution(flow_id="other"), **TASK_RUN_TIMES)
    a_task_run(an_execution(deleted=True), **TASK_RUN_TIMES)

    found = send("POST", "/stats/taskruns/daily", SPAN).json()
    labelled = send("POST", "/stats/taskruns/daily", {**SPAN, "labels": ["team:a"]}).json()

    assert [counts(each) for each in found] == [{}, {"SUCCESS": 2, "FAILED": 1}, {}]
    assert counts(labelled[1]) == {"SUCCESS": 1, "FAILED": 1}
    assert found[1]["duration"]["avg"] == "PT3S"


def test_summary_counts_flows_and_triggers(send: Any, save_flow: Any) -> None:
    triggers = "triggers:\n  - id: t\n    type: io.kestra.plugin.core.trigger.Schedule\n"
    save_flow(flow("a") + triggers + '    cron: "0 0 * * *"\n')
    save_flow(flow("b", "elsewhere"))

    assert send("POST", "/stats/summary", {}).json() == {"flows": 2, "triggers": 1}
    assert send("POST", "/stats/summary", {"namespace": "elsewhere"}).json() == {
        "flows": 1,
        "triggers": 0,
    }
    assert send("POST", "/stats/summary", {"namespace": "nowhere"}).json() == {
        "flows": 0,
        "triggers": 0,
    }


def test_task_runs_are_searched_over_all_executions(send: Any) -> None:
    row = an_execution(trigger_execution_id="0parent000000000000000")
    one = a_task_run(row, value="x", outputs={"a": 1}, outputs_size=7, **TASK_RUN_TIMES)
    a_task_run(an_execution(), "other", started_at=START - DAY)
    a_task_run(an_execution(deleted=True), **TASK_RUN_TIMES)

    page = send("GET", "/taskruns/search").json()
    child = send("GET", "/taskruns/search?childFilter=CHILD&q=GREET&namespace=company").json()

    assert (page["total"], page["results"][0]["id"]) == (2, one.public_id)
    assert [each["id"] for each in child["results"]] == [one.public_id]
    shape = child["results"][0]
    assert (shape["executionId"], shape["value"], shape["outputs"]) == (row.public_id, "x", None)
    assert shape["state"]["current"] == "SUCCESS"
    assert send("GET", "/taskruns/search?state=SLEEPY").status_code == 422


def test_a_page_of_task_runs_costs_few_queries(
    send: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        a_task_run(an_execution(), outputs={"a": 1}, outputs_size=7, **TASK_RUN_TIMES)
    send("GET", "/taskruns/search")

    with django_assert_max_num_queries(6):
        assert len(send("GET", "/taskruns/search?size=5").json()["results"]) == 5


def test_the_number_of_task_runs_in_a_search_can_be_asked_for(send: Any) -> None:
    assert send("GET", "/taskruns/maxTaskRunSetting").json() == 100


def test_what_belongs_to_another_tenant_is_neither_counted_nor_found(send: Any) -> None:
    with tenant_scope("other"):
        row = an_execution()
        a_task_run(row, **TASK_RUN_TIMES)
        a_line(row)

    for kind, name in (("executions", "executionCounts"), ("taskruns", "executionCounts")):
        found = send("POST", f"/stats/{kind}/daily", SPAN).json()
        assert [counts(each, name) for each in found] == [{}, {}, {}]
    lines = send("POST", "/stats/logs/daily", SPAN).json()
    assert [counts(each, "counts") for each in lines] == [{}, {}, {}]
    assert send("POST", "/stats/executions/daily/group-by-flow", SPAN).json() == {}
    assert send("POST", "/stats/executions/daily/group-by-namespace", SPAN).json() == {}
    assert send("GET", "/taskruns/search").json() == {"results": [], "total": 0}
    table = send("GET", "/executions/export/by-query/csv")
    assert b"".join(table.streaming_content).count(b"\n") == 1
