"""Writing flows on the pages: checking, saving, creating, restoring."""

import json

import pytest

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from flows.cache import forget_compiled_flows
from flows.queries import get_flow
from flows.queries.stored import forget_flows
from flows.services import delete_flow, save_flow
from flows.services.saving import read_source

FLOW = "/ui/main/flows/edit/company.team/etl"
SOURCE = """id: etl
namespace: company.team
inputs:
  - {id: name, type: STRING}
tasks:
  - {id: hello, type: io.kestra.plugin.core.log.Log, message: Hello}
"""
CHANGED = SOURCE.replace("Hello", "Good day")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def flow(db):
    forget_flows()
    forget_compiled_flows()
    with tenant_scope("main"):
        return save_flow(actor=SYSTEM, parsed=read_source(SOURCE))


@pytest.fixture
def developer(client_for, flow):
    return client_for("Developer")


def present():
    return get_flow("main", "company.team", "etl", allow_deleted=True)


def events(answer):
    return json.loads(answer.headers["HX-Trigger"])


def test_editor_shows_the_source_in_a_form(developer):
    text = developer.get(f"{FLOW}/editor").content.decode()

    assert "message: Hello" in text
    assert 'name="revision" value="1"' in text
    assert "readonly" not in text


def test_editor_is_read_only_without_the_permission(client_for, flow):
    client = client_for("Viewer")

    assert "readonly" in client.get(f"{FLOW}/editor").content.decode()
    assert client.post(f"{FLOW}/editor/save", {"source": CHANGED}).status_code == 403
    assert present().revision == 1


def test_saving_makes_a_revision_and_says_which(developer):
    sent = {"source": CHANGED.replace("\n", "\r\n"), "revision": "1"}
    answer = developer.post(f"{FLOW}/editor/save", sent, headers=HTMX)

    assert events(answer)["flow:saved"]["revision"] == 2
    assert present().source == CHANGED


def test_form_without_scripts_saves_and_comes_back(developer):
    answer = developer.post(f"{FLOW}/editor/save", {"source": CHANGED, "revision": "1"})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FLOW}/editor")
    assert present().revision == 2


def test_form_without_scripts_keeps_what_does_not_hold(developer):
    answer = developer.post(f"{FLOW}/editor/save", {"source": "id: etl\nx: y", "revision": "1"})

    assert answer.status_code == 422
    assert "x: y" in answer.content.decode()
    assert present().revision == 1


def test_saving_over_a_newer_revision_is_refused(developer):
    developer.post(f"{FLOW}/editor/save", {"source": CHANGED, "revision": "1"})
    mine = SOURCE.replace("Hello", "Mine")
    answer = developer.post(f"{FLOW}/editor/save", {"source": mine, "revision": "1"}, headers=HTMX)

    assert answer.status_code == 409
    assert events(answer)["flow:newer"]["revision"] == 2
    assert present().source == CHANGED
    plain = developer.post(f"{FLOW}/editor/save", {"source": mine, "revision": "1"})
    assert (plain.status_code, b"Mine" in plain.content) == (409, True)


def test_id_never_changes(developer):
    sent = {"source": SOURCE.replace("id: etl", "id: other"), "revision": "1"}
    answer = developer.post(f"{FLOW}/editor/save", sent, headers=HTMX)

    assert answer.status_code == 422
    assert "The id of a flow cannot change" in answer.headers["HX-Trigger"]


def test_new_flow_leads_to_its_editor(client_for):
    client = client_for("Developer")
    assert client.get("/ui/main/flows/new").status_code == 200
    answer = client.post("/ui/main/flows/new", {"source": SOURCE})

    assert answer.headers["Location"] == f"{FLOW}/editor"
    again = client.post("/ui/main/flows/new", {"source": SOURCE})
    assert (again.status_code, b"already exists" in again.content) == (422, True)


def test_new_flow_in_a_namespace_of_others_is_refused(client_for):
    client = client_for("Developer", namespace="company.other")

    assert client.post("/ui/main/flows/new", {"source": SOURCE}).status_code == 403


def test_check_gives_the_lines_of_what_is_wrong(developer):
    wrong = SOURCE.replace("log.Log", "log.Lgo")
    checked = developer.post("/ui/main/flows/check", {"source": wrong}).json()

    [problem] = checked["problems"]
    assert (problem["severity"], problem["line"]) == ("error", 6)
    assert checked["graph"] is None
    assert checked["revision"] == 1


def test_check_of_what_holds_gives_the_graph(developer):
    checked = developer.post("/ui/main/flows/check", {"source": SOURCE}).json()

    assert checked["problems"] == []
    assert "root.hello" in [node["uid"] for node in checked["graph"]["nodes"]]


@pytest.mark.parametrize("source", ["", "- [", "tasks: 3", "a: &x [*x]", "\x00"])
def test_check_answers_whatever_it_gets(developer, source):
    checked = developer.post("/ui/main/flows/check", {"source": source})

    assert checked.status_code == 200
    assert checked.json()["problems"]


def test_check_tells_nothing_of_flows_of_others(client_for, flow):
    client = client_for("Developer", namespace="company.other")

    assert client.post("/ui/main/flows/check", {"source": SOURCE}).json()["revision"] is None


def test_types_are_kept_by_their_version(developer):
    page = developer.get(f"{FLOW}/editor").content.decode()
    version = page.split('types-version="')[1].split('"')[0]
    answer = developer.get(f"/ui/main/flows/types?v={version}")

    assert "immutable" in answer.headers["Cache-Control"]
    assert "immutable" not in developer.get("/ui/main/flows/types?v=old").headers["Cache-Control"]
    name = "io.kestra.plugin.core.log.Log"
    assert name in [each[0] for each in answer.json()["types"]]
    assert "message" in developer.get(f"/ui/main/flows/types/{name}").json()["schema"][
        "properties"
    ]["properties"]  # fmt: skip
    assert developer.get("/ui/main/flows/types/no.such.Type").status_code == 404


def test_two_revisions_are_shown_side_by_side(developer):
    developer.post(f"{FLOW}/editor/save", {"source": CHANGED, "revision": "1"})
    text = developer.get(f"{FLOW}/revisions").content.decode()

    assert text.index("message: Hello") < text.index("message: Good day")
    text = developer.get(f"{FLOW}/revisions?left=2&right=1").content.decode()
    assert text.index("message: Good day") < text.index("message: Hello")


def test_restored_revision_is_a_new_one(developer):
    developer.post(f"{FLOW}/editor/save", {"source": CHANGED, "revision": "1"})
    developer.post(f"{FLOW}/revisions/restore", {"revision": "1"})

    assert (present().revision, present().source) == (3, SOURCE)


def test_deleted_flow_comes_back(developer):
    with tenant_scope("main"):
        delete_flow(actor=SYSTEM, namespace="company.team", flow_id="etl")
    developer.post(f"{FLOW}/revisions/restore", {"revision": "1"})

    assert not present().is_deleted


def test_restoring_needs_the_permission(client_for, flow):
    answer = client_for("Viewer").post(f"{FLOW}/revisions/restore", {"revision": "1"})

    assert answer.status_code == 403
