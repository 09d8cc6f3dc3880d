"""The list of executions, the page of one, and what the palette finds of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from executions.models import Execution, InboxRow
from flows.services import save_flow
from flows.services.saving import read_source
from plugins.contracts.state import State
from tests.executions.rows import a_line, a_metric, a_task_run, an_execution

BASE = "/ui/main/executions"


def make(state=State.SUCCESS, **changes):
    with tenant_scope("main"):
        return an_execution(state, **changes)


def page_of(row, tab=""):
    return f"{BASE}/{row.namespace}/{row.flow_id}/{row.public_id}{tab}"


def ids_in(answer, rows):
    text = answer.content.decode()
    return {row.flow_id for row in rows if f'<tr id="{row.public_id}"' in text}


@pytest.fixture
def viewer(client_for):
    return client_for("Viewer")


@pytest.mark.parametrize(
    ("query", "flows"),
    [
        ("", {"etl", "export"}),
        ("?q=exp", {"export"}),
        ("?filters[state][IN]=FAILED,KILLED", {"export"}),
        ("?filters[namespace][PREFIX]=company", {"etl", "export"}),
        ("?filters[flowId][EQUALS]=etl", {"etl"}),
        ("?filters[labels][EQUALS]=team:crm", {"export"}),
        ("?filters[startDate][GREATER_THAN_OR_EQUAL_TO]=2999-01-01T00:00:00Z", set()),
    ],
)
def test_address_is_the_state_of_the_list(viewer, query, flows):
    rows = [
        make(flow_id="etl", namespace="company.data"),
        make(State.FAILED, flow_id="export", labels=[{"key": "team", "value": "crm"}]),
    ]

    assert ids_in(viewer.get(f"{BASE}{query}"), rows) == flows


@pytest.mark.parametrize("sort", ["state.duration:desc", "state.startDate:asc", "id:asc"])
def test_list_sorts_by_what_its_headings_say(viewer, sort):
    row = make()

    assert ids_in(viewer.get(f"{BASE}?sort={sort}"), [row]) == {"hello"}


def test_row_shows_its_last_task_and_inputs_without_secrets(viewer):
    row = make(inputs={"day": "monday", "key": {"type": "io.kestra.datatype:aes_encrypted",
                                                "value": "sealed"}})  # fmt: skip
    with tenant_scope("main"):
        a_task_run(row, "first", seq=0)
        a_task_run(row, "second", seq=1, attempt_count=3)
    text = viewer.get(BASE).content.decode()

    assert "day: monday" in text
    assert "sealed" not in text
    assert ">second" in text.replace("\n", "").replace("  ", "")
    assert 'title="Attempts">3<' in text


def test_long_list_needs_as_many_queries_as_a_short_one(viewer):
    def count():
        with CaptureQueriesContext(connection) as queries:
            viewer.get(BASE)
        return len(queries)

    make()
    count()
    short = count()
    for _ in range(20):
        make()

    assert count() == short


def test_execution_of_a_namespace_that_one_may_not_see_is_not_there(client_for):
    client = client_for("Viewer", namespace="company.marketing")
    row = make()

    assert ids_in(client.get(BASE), [row]) == set()
    assert client.get(page_of(row)).status_code == 403


@pytest.mark.parametrize(("action", "word"), [("kill", "KILL"), ("delete", "DELETE")])
def test_bulk_bar_is_refused_without_the_permission(viewer, action, word):
    answer = viewer.post(f"{BASE}/bulk", {"action": action, "execution": make().public_id})

    assert answer.status_code == 403
    assert f"EXECUTION:{word}".encode() in answer.content


def test_bulk_bar_labels_and_deletes(client_for):
    client = client_for("Developer")
    rows = [make(), make()]
    ids = [row.public_id for row in rows]

    client.post(f"{BASE}/bulk", {"action": "labels", "execution": ids, "labels": "team:crm\n"})
    with tenant_scope("main"):
        assert all({"key": "team", "value": "crm"} in row.labels for row in Execution.objects.all())
    client.post(f"{BASE}/bulk", {"action": "delete", "execution": ids[:1]})
    with tenant_scope("main"):
        assert [row.public_id for row in Execution.objects.all()] == ids[1:]


def test_bulk_bar_says_which_executions_it_cannot_act_on(client_for):
    ended, running = make(), make(State.RUNNING)
    ids = [ended.public_id, running.public_id]
    answer = client_for("Developer").post(
        f"{BASE}/bulk", {"action": "kill", "execution": ids}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 400
    assert ended.public_id in answer.headers["HX-Trigger"]
    assert running.public_id not in answer.headers["HX-Trigger"]


@pytest.mark.parametrize(
    "tab",
    [
        "",
        "/logs",
        "/gantt",
        "/topology",
        "/outputs",
        "/metrics",
        "/logs/lines",
        "/runs",
        "/outputs/list",
    ],
)
def test_every_part_is_there_and_only_at_the_address_of_its_flow(viewer, tab):
    row = make(inputs={"a": [1, {"b": "x"}]})

    assert viewer.get(page_of(row, tab)).status_code == 200
    assert viewer.get(page_of(row, tab).replace("/hello/", "/other/")).status_code == 404


@pytest.mark.parametrize(
    ("tab", "word"),
    [("", "VIEW"), ("/logs", "ACCESS_LOGS"), ("/outputs", "ACCESS_OUTPUTS"), ("/runs", "VIEW"),
     ("/logs/lines", "ACCESS_LOGS"), ("/outputs/list", "ACCESS_OUTPUTS"), ("/metrics", "VIEW")],
)  # fmt: skip
def test_part_names_the_permission_that_is_missing(client_for, tab, word):
    client = client_for({"EXECUTION": ["LIST"]})

    answer = client.get(page_of(make(), tab))

    assert answer.status_code == 403
    assert f"EXECUTION:{word}".encode() in answer.content


def test_tab_that_one_may_not_open_is_not_offered(client_for):
    text = client_for({"EXECUTION": ["VIEW"]}).get(page_of(make(State.FAILED))).content.decode()

    assert "/gantt" in text
    assert "/logs" not in text


def test_overview_says_first_why_it_failed(viewer):
    row = make(State.FAILED)
    with tenant_scope("main"):
        run = a_task_run(row, "load", state="FAILED")
        a_line(row, "connecting", task_run_id=run.public_id)
        a_line(row, "no such table: orders", level="ERROR", task_run_id=run.public_id)
        a_line(row, "of another task", level="ERROR", task_run_id="x")
    text = viewer.get(page_of(row)).content.decode()

    assert "Task load failed" in text
    assert text.index("no such table: orders") < text.index("Facts")
    assert "connecting" in text
    assert "of another task" not in text


def test_overview_shows_values_with_their_paths(viewer):
    row = make(inputs={"a": {"b": ["x", 1]}}, outputs={"n": None})
    text = viewer.get(page_of(row)).content.decode()

    assert "Copy inputs.a.b[0]" in text
    assert "Copy outputs.n" in text


def test_actions_follow_the_state(client_for):
    client = client_for("Developer")
    ended = client.get(page_of(make())).content.decode()
    running = client.get(page_of(make(State.RUNNING))).content.decode()

    assert ("/kill" in ended, "/labels" in ended) == (False, True)
    assert ("/kill" in running, "/labels" in running) == (True, False)
    assert "<k-live" in running
    assert "<k-live" not in ended


def test_kill_asks_the_engine_and_answers_with_the_head(client_for):
    client = client_for("Developer")
    row = make(State.RUNNING)

    answer = client.post(page_of(row, "/kill"), headers={"HX-Request": "true"})

    assert b'id="execution-head"' in answer.content
    assert "being killed" in answer.headers["HX-Trigger"]
    with tenant_scope("main"):
        assert InboxRow.objects.filter(execution_id=row.public_id).exists()


def test_deleted_execution_leads_to_the_list(client_for):
    client = client_for("Developer")
    row = make()

    answer = client.post(page_of(row, "/delete"), {"logs": "on"}, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == BASE
    with tenant_scope("main"):
        assert not Execution.objects.exists()


def test_expression_is_rendered_and_its_error_told(viewer):
    row = make(inputs={"day": "monday"})

    good = viewer.post(page_of(row, "/evaluate"), {"expression": "{{ inputs.day }}"})
    bad = viewer.post(page_of(row, "/evaluate"), {"expression": "{{ nothing.there }}"})

    assert b"monday" in good.content
    assert b"banner-error" in bad.content


def test_metrics_are_searched(viewer):
    row = make()
    with tenant_scope("main"):
        a_metric(row, "rows")
        a_metric(row, "bytes")

    text = viewer.get(page_of(row, "/metrics?q=row")).content.decode()

    assert ("<td>rows</td>" in text, "<td>bytes</td>" in text) == (True, False)


def test_palette_finds_an_execution_by_the_beginning_of_its_id(client_for):
    row = make(State.FAILED)
    address = f"/ui/main/palette?q={row.public_id[:8]}"

    (hit,) = client_for("Viewer").get(address).json()["results"]

    assert (hit["url"], hit["hint"]) == (page_of(row), "company.team.hello · Failed")
    assert client_for({"FLOW": ["LIST"]}).get(address).json()["results"] == []


def test_done_again_takes_inputs_and_labels_but_no_secret(client_for):
    source = """
id: hello
namespace: company.team
inputs: [{id: day, type: STRING}, {id: key, type: SECRET, required: false}]
tasks: [{id: a, type: io.kestra.plugin.core.log.Log, message: hi}]
"""
    client = client_for("Developer")
    sealed = {"type": "io.kestra.datatype:aes_encrypted", "value": "sealed"}
    labels = [{"key": "team", "value": "crm"}, {"key": "system.correlationId", "value": "old"}]
    with tenant_scope("main"):
        save_flow(actor=SYSTEM, parsed=read_source(source))
        row = an_execution(inputs={"day": "monday", "key": sealed}, labels=labels)

    answer = client.post(page_of(row, "/again"), headers={"HX-Request": "true"})

    with tenant_scope("main"):
        made = Execution.objects.exclude(pk=row.pk).get()
    assert answer.headers["HX-Redirect"] == page_of(made)
    assert made.inputs["day"] == "monday"
    assert "sealed" not in str(made.inputs)
    assert {"key": "team", "value": "crm"} in made.labels
    assert {"key": "system.correlationId", "value": "old"} not in made.labels
