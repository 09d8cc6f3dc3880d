"""The pages of one flow, and the execute dialog made from its inputs."""

import pytest

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from executions.models import Execution
from flows.cache import forget_compiled_flows
from flows.queries.stored import forget_flows
from flows.services import delete_flow, save_flow
from flows.services.saving import read_source

FLOW = "/ui/main/flows/edit/company.team/etl"
SOURCE = """
id: etl
namespace: company.team
labels: {team: data}
inputs:
  - {id: name, type: STRING, displayName: Your name}
  - {id: count, type: INT, max: 5, defaults: 3}
  - {id: ratio, type: FLOAT, required: false}
  - {id: is_full, type: BOOLEAN, required: false}
  - {id: options, type: JSON, required: false}
  - {id: table, type: FILE, required: false}
  - {id: extra, type: STRING, required: false,
     dependsOn: {inputs: [is_full], condition: "{{ inputs.is_full }}"}}
tasks:
  - {id: hello, type: io.kestra.plugin.core.log.Log, message: Hello}
"""


@pytest.fixture
def flow(db):
    forget_flows()
    forget_compiled_flows()
    with tenant_scope("main"):
        return save_flow(actor=SYSTEM, parsed=read_source(SOURCE))


@pytest.fixture
def launcher(client_for, flow):
    return client_for("Launcher")


def started():
    with tenant_scope("main"):
        return list(Execution.objects.all())


@pytest.mark.parametrize("tab", ["", "/topology", "/executions", "/logs"])
def test_tabs_are_pages(client_for, flow, tab):
    answer = client_for("Viewer").get(FLOW + tab)

    assert answer.status_code == 200
    assert f'href="{FLOW}{tab}" aria-current="page"' in answer.content.decode()


def test_list_links_to_the_flow(client_for, flow):
    assert f'href="{FLOW}"' in client_for("Viewer").get("/ui/main/flows").content.decode()


def test_unknown_flow_is_a_page_of_its_own(client_for):
    assert client_for("Viewer").get(FLOW).status_code == 404


@pytest.mark.parametrize("tab", ["", "/topology", "/graph", "/executions", "/logs", "/execute"])
def test_flow_of_another_namespace_is_refused(client_for, flow, tab):
    assert client_for("Admin", namespace="company.other").get(FLOW + tab).status_code == 403


def test_deleted_flow_is_shown_with_the_way_back(client_for, flow):
    with tenant_scope("main"):
        delete_flow(actor=SYSTEM, namespace="company.team", flow_id="etl")
    text = client_for("Admin").get(FLOW).content.decode()

    assert "This flow is deleted." in text
    assert "/execute" not in text


def test_graph_is_the_one_of_the_api(client_for, flow):
    client = client_for("Viewer")
    graph = client.get(f"{FLOW}/graph").json()

    assert graph == client.get("/api/v1/main/flows/company.team/etl/graph").json()


def test_form_has_a_field_for_each_input_whose_condition_holds(launcher):
    text = launcher.get(f"{FLOW}/execute").content.decode()

    assert "Your name" in text
    assert [name for name in ("name", "count", "ratio", "is_full", "options", "table", "extra")
            if f'name="input.{name}"' in text] == [
        "name", "count", "ratio", "is_full", "options", "table"
    ]  # fmt: skip
    assert 'value="3"' in text
    assert "field-error" not in text


def test_field_appears_when_its_condition_holds(launcher):
    sent = {"look": "1", "input.is_full": "true"}
    text = launcher.post(f"{FLOW}/execute", sent).content.decode()

    assert 'name="input.extra"' in text
    assert "field-error" not in text
    assert started() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "Missing required input"),
        ("count", "many", "It must be a whole number"),
        ("count", "9", "5"),
        ("ratio", "x", "It must be a number"),
        ("options", "{", "It must be JSON"),
    ],
)
def test_error_stands_at_its_field(launcher, field, value, words):
    sent = {"input.name": "Ann", f"input.{field}": value}
    text = launcher.post(f"{FLOW}/execute", sent).content.decode()

    assert started() == []
    assert text.count('class="field-error"') == 1
    assert words in text.split(f'id="input-{field}-error">')[1].split("</div>")[0]


def test_start_leads_to_the_execution(launcher):
    sent = {"input.name": "Ann", "input.is_full": "true", "labels": "team:crm, cost:4711"}
    answer = launcher.post(f"{FLOW}/execute", sent)

    [run] = started()
    assert answer.headers["Location"] == f"/ui/main/executions/company.team/etl/{run.public_id}"
    assert (run.inputs["name"], run.inputs["count"], run.inputs["is_full"]) == ("Ann", 3, True)
    assert {"key": "cost", "value": "4711"} in run.labels


def test_label_that_is_none_is_said_above_the_fields(launcher):
    sent = {"input.name": "Ann", "labels": "nonsense"}
    text = launcher.post(f"{FLOW}/execute", sent).content.decode()

    assert "is not of the form key:value" in text
    assert 'value="Ann"' in text
    assert started() == []


def test_start_is_refused_without_the_permission(client_for, flow):
    answer = client_for("Viewer").post(f"{FLOW}/execute", {"input.name": "Ann"})

    assert answer.status_code == 403
    assert started() == []
