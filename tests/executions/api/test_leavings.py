"""What executions leave: logs, metrics, outputs; and expressions tried out on them."""

from datetime import timedelta
from typing import Any

import pytest

from executions.confidential import encrypt_value
from executions.models import LogEntry
from executions.queries.files import folder_of
from plugins.contracts.state import State
from tenants.storages import storage_of
from tests.executions.rows import START, a_line, a_metric, a_task_run, an_execution
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")


# ---- logs ---------------------------------------------------------------------------------------
def messages(entries: Any) -> str:
    return "".join(entry["message"] for entry in entries)


def test_a_log_entry_has_its_place_and_its_attempt(send: Any) -> None:
    row = an_execution()
    a_line(row, "hi", task_run_id="run", attempt=None, thread="")

    (entry,) = send("GET", f"/logs/{row.public_id}").json()

    assert entry == {
        "tenantId": "main",
        "namespace": "company.team",
        "flowId": "hello",
        "taskId": "greet",
        "executionId": row.public_id,
        "taskRunId": "run",
        "timestamp": "2026-03-01T10:00:00.000000Z",
        "level": "INFO",
        "message": "hi",
        "attemptNumber": None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "abc"),
        ("minLevel=INFO", "bc"),
        ("filters[level][EQUALS]=WARN", "c"),
        ("taskId=other", "c"),
        ("taskRunId=run", "a"),
        ("attempt=1", "b"),
        ("filters[attemptNumber][EQUALS]=1", "b"),
    ],
)
def test_lines_of_one_execution_are_chosen_by(send: Any, query: str, expected: str) -> None:
    row = an_execution()
    a_line(row, "c", level="ERROR", task_id="other", timestamp=START + timedelta(seconds=2))
    a_line(row, "a", level="DEBUG", task_run_id="run")
    a_line(row, "b", attempt=1, timestamp=START + timedelta(seconds=1))
    a_line(an_execution(), "x")

    assert messages(send("GET", f"/logs/{row.public_id}?{query}").json()) == expected


def test_an_unknown_level_is_refused(send: Any) -> None:
    assert send("GET", f"/logs/{an_execution().public_id}?minLevel=LOUD").status_code == 422


def test_lines_are_searched_over_all_executions(send: Any) -> None:
    for number, name in enumerate("abc"):
        row = an_execution(flow_id=f"flow-{name}")
        a_line(row, name, timestamp=START + timedelta(seconds=number))

    page = send("GET", "/logs/search?size=2").json()
    narrowed = send("GET", "/logs/search?flowId=flow-b&q=B&namespace=company").json()

    assert (messages(page["results"]), page["total"], page["type"]) == ("cb", 3, "OFFSET")
    assert messages(narrowed["results"]) == "b"
    assert messages(send("GET", "/logs/search?sort=timestamp:asc").json()["results"]) == "abc"


@pytest.mark.parametrize("number", [1, 30])
def test_a_search_of_lines_costs_the_same_queries_for_any_number(
    send: Any, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        a_line(an_execution())
    send("GET", "/logs/search")

    with django_assert_num_queries(2):  # the caller, the page
        send("GET", "/logs/search?size=100")


def test_a_log_as_text(send: Any) -> None:
    row = an_execution()
    empty = send("GET", f"/logs/{row.public_id}/download")
    a_line(row, "hé\nho", level="WARN")

    response = send("GET", f"/logs/{row.public_id}/download")

    assert (empty.status_code, empty.content) == (200, b"")
    assert response.content.decode() == "2026-03-01T10:00:00.000000Z WARN hé\nho\n"
    assert response["Content-Type"].startswith("text/plain")
    assert "attachment" in response["Content-Disposition"]


def test_chosen_lines_are_deleted(send: Any) -> None:
    row, other = an_execution(), an_execution()
    a_line(row, "a", level="DEBUG")
    a_line(row, "b", level="ERROR")
    a_line(other, "c")

    assert send("DELETE", f"/logs/{row.public_id}?minLevel=WARN").status_code == 200
    assert set(LogEntry.objects.values_list("message", flat=True)) == {"a", "c"}
    send("DELETE", f"/logs/{row.public_id}")
    assert set(LogEntry.objects.values_list("message", flat=True)) == {"c"}


def test_the_lines_of_a_trigger_are_deleted(send: Any) -> None:
    row = an_execution()
    a_line(row, "a", execution_id=None, trigger_id="t")
    a_line(row, "b")

    assert send("DELETE", "/logs/company.team/hello").status_code == 400
    assert send("DELETE", "/logs/company.team/hello?triggerId=t").status_code == 200
    assert LogEntry.objects.get().message == "b"


# ---- metrics ------------------------------------------------------------------------------------
def test_the_metrics_of_an_execution(send: Any) -> None:
    row = an_execution()
    metric = a_metric(row, "rows", tags={"file": "a"})
    a_metric(row, "time", task_id="other", kind="timer")

    page = send("GET", f"/metrics/{row.public_id}?sort=name:asc").json()
    chosen = send("GET", f"/metrics/{row.public_id}?taskRunId={metric.task_run_id}").json()

    assert [each["name"] for each in page["results"]] == ["rows", "time"]
    assert chosen["results"] == [
        {
            "tenantId": "main",
            "namespace": "company.team",
            "flowId": "hello",
            "taskId": "greet",
            "executionId": row.public_id,
            "taskRunId": metric.task_run_id,
            "name": "rows",
            "type": "counter",
            "value": 3.0,
            "timestamp": "2026-03-01T10:00:00.000000Z",
            "tags": {"file": "a"},
        }
    ]


def test_the_names_of_metrics(send: Any) -> None:
    row = an_execution()
    for name, task in (("rows", "greet"), ("rows", "other"), ("time", "other")):
        a_metric(row, name, task_id=task)

    assert send("GET", "/metrics/names/company.team/hello").json() == ["rows", "time"]
    assert send("GET", "/metrics/names/company.team/hello/greet").json() == ["rows"]
    assert send("GET", "/metrics/tasks/company.team/hello").json() == ["greet", "other"]


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("sum", 4.0), ("avg", 2.0), ("min", 1.0), ("max", 3.0)]
)
def test_a_metric_by_day(send: Any, aggregation: str, expected: float) -> None:
    row = an_execution()
    for value in (1.0, 3.0):
        a_metric(row, value=value)

    shape = send(
        "GET",
        f"/metrics/aggregates/company.team/hello/rows?aggregation={aggregation}"
        "&startDate=2026-02-28T12:00:00Z&endDate=2026-03-02T12:00:00Z",
    ).json()

    assert shape["groupBy"] == "day"
    assert shape["aggregations"] == [
        {"name": "rows", "date": "2026-02-28T00:00:00.000000Z"},
        {"name": "rows", "date": "2026-03-01T00:00:00.000000Z", "value": expected},
        {"name": "rows", "date": "2026-03-02T00:00:00.000000Z"},
    ]


@pytest.mark.parametrize(
    ("start", "step", "first"),
    [
        ("2026-03-01T09:00:30Z", "minute", "2026-03-01T09:00:00.000000Z"),
        ("2026-03-01T01:30:00Z", "hour", "2026-03-01T01:00:00.000000Z"),
        ("2025-07-01T00:00:00Z", "week", "2025-06-30T00:00:00.000000Z"),
        ("2024-12-15T00:00:00Z", "month", "2024-12-01T00:00:00.000000Z"),
    ],
)
def test_the_steps_follow_the_span(send: Any, start: str, step: str, first: str) -> None:
    a_metric(an_execution())

    shape = send(
        "GET",
        f"/metrics/aggregates/company.team/hello/greet/rows?startDate={start}"
        "&endDate=2026-03-01T10:30:00Z",
    ).json()

    assert (shape["groupBy"], shape["aggregations"][0]["date"]) == (step, first)
    assert sum(each.get("value", 0) for each in shape["aggregations"]) == 3.0


@pytest.mark.parametrize(
    "query",
    [
        "aggregation=median",
        "startDate=2026-03-02T00:00:00Z&endDate=2026-03-01T00:00:00Z",
        "startDate=1000-01-01T00:00:00Z",
        "startDate=x",
    ],
)
def test_aggregates_that_make_no_sense_are_refused(send: Any, query: str) -> None:
    path = f"/metrics/aggregates/company.team/hello/rows?{query}"

    assert send("GET", path).status_code == 422


# ---- outputs ------------------------------------------------------------------------------------
def test_outputs_of_task_runs_and_of_the_execution(send: Any) -> None:
    row = an_execution(outputs={"total": 3})
    inline = a_task_run(row, "a", outputs={"x": 1}, outputs_size=7, value="v", iteration=0)
    uri = storage_of(tenant="main").put("main", folder_of(row).child("o.json"), b'{"y":2}')
    stored = a_task_run(row, "b", seq=1, outputs_uri=uri, outputs_size=7)
    none = a_task_run(row, "c", seq=2)

    for prefix in ("/outputs", "/outputs/tasks"):
        assert send("GET", f"{prefix}/{row.public_id}").json() == [
            {
                "taskId": "a",
                "taskRunId": inline.public_id,
                "value": "v",
                "iteration": 0,
                "inline": True,
            },
            {"taskId": "b", "taskRunId": stored.public_id, "inline": False},
        ]
        found = [
            send("GET", f"{prefix}/{row.public_id}/{run.public_id}").json()
            for run in (inline, stored, none)
        ]
        assert found == [{"x": 1}, {"y": 2}, {}]
    assert send("GET", f"/outputs/executions/{row.public_id}").json() == {"total": 3}
    assert send("GET", f"/outputs/{row.public_id}/none").status_code == 404


# ---- expressions --------------------------------------------------------------------------------
def evaluate(client: Any, place: str, expression: str) -> Any:
    response = client.generic(
        "POST", f"/api/v1/main/executions/{place}", expression, content_type="text/plain"
    )
    assert response.status_code == 200, response.content
    return response.json()


def test_an_expression_sees_what_tasks_see(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more="variables: {v: 1}\n"))
    row = an_execution(inputs={"name": "ann"})
    a_task_run(row, "first", outputs={"x": {"y": [1, 2]}}, outputs_size=9)
    loop = a_task_run(row, "loop", seq=1, value="one", outputs={"z": 5}, outputs_size=7)

    def result(expression: str, tail: str = "") -> str:
        return str(evaluate(super_client, f"{row.public_id}/eval{tail}", expression)["result"])

    assert result("{{ inputs.name }} {{ vars.v }} {{ flow.id }}") == "ann 1 hello"
    assert result("{{ outputs.first.x.y[1] }}") == "2"
    assert result("{{ outputs.loop.one.z }}") == "5"
    assert result("{{ tasks.first.state }}") == "SUCCESS"
    assert result("{{ outputs.first.x }}") == '{"y":[1,2]}'
    assert result("{{ taskrun.value }} {{ task.id }}", f"/{loop.public_id}") == "one loop"


def test_an_expression_that_fails_says_why(super_client: Any) -> None:
    row = an_execution()

    shape = evaluate(super_client, f"{row.public_id}/actions/eval", "{{ nothing }}")

    assert "nothing" in shape["error"]
    assert "nothing" in shape["stackTrace"]
    assert "result" not in shape


def test_an_expression_never_reveals_a_secret(
    save_flow: Any, super_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "b3BlbiBzZXNhbWU=")
    save_flow(flow())
    row = an_execution(inputs={"key": encrypt_value("open sesame")})

    shape = evaluate(
        super_client,
        f"{row.public_id}/eval",
        "{{ secret('KEY') }} {{ secret('KEY') | slice(0, 3) }} {{ inputs.key }}",
    )

    assert shape["result"] == "****** *** ******"


def test_a_task_run_of_another_execution_is_not_found(super_client: Any) -> None:
    row, other = an_execution(), an_execution(State.RUNNING)
    run = a_task_run(other)

    path = f"/api/v1/main/executions/{row.public_id}/eval/{run.public_id}"
    assert super_client.generic("POST", path, "x", content_type="text/plain").status_code == 404
