"""The list of flows, the palette, and the pattern of lists."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.actor import SYSTEM
from common.tenancy import tenant_scope
from flows.queries import present_flows
from flows.services import save_flow
from flows.services.saving import read_source

SOURCE = """
id: {id}
namespace: {namespace}
labels: {{team: {team}}}
tasks:
  - {{id: hello, type: io.kestra.plugin.core.log.Log, message: Hello}}
"""


def make_flow(flow_id, namespace="company.data", team="data"):
    with tenant_scope("main"):
        source = SOURCE.format(id=flow_id, namespace=namespace, team=team)
        save_flow(actor=SYSTEM, parsed=read_source(source))


@pytest.fixture
def viewer(client_for):
    client = client_for("Viewer")
    make_flow("etl")
    make_flow("export", namespace="company.marketing", team="crm")
    return client


def names_in(answer):
    text = answer.content.decode()
    return [name for name in ("etl", "export") if f">{name}</a>" in text]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["etl", "export"]),
        ("?q=exp", ["export"]),
        ("?filters[namespace][PREFIX]=company", ["etl", "export"]),
        ("?filters[namespace][PREFIX]=company.data", ["etl"]),
        ("?filters[labels][EQUALS]=team:crm", ["export"]),
        ("?q=nothing-like-it", []),
    ],
)
def test_address_is_the_state_of_the_list(viewer, query, names):
    assert names_in(viewer.get(f"/ui/main/flows{query}")) == names


def test_chip_shows_the_filter_and_how_to_lose_it(viewer):
    text = viewer.get("/ui/main/flows?q=e&filters[labels][EQUALS]=team:crm").content.decode()

    assert "Label is" in text
    assert 'data-remove href="/ui/main/flows?q=e"' in text


def test_filter_that_is_none_is_said(viewer):
    answer = viewer.get("/ui/main/flows?filters[colour][EQUALS]=red")

    assert answer.status_code == 422
    assert b"colour" in answer.content


def test_htmx_gets_the_list_alone(viewer):
    answer = viewer.get("/ui/main/flows", headers={"HX-Request": "true"})

    assert answer.content.startswith(b'<div id="flows" data-list')


def test_namespace_that_one_may_not_see_is_not_there(client_for):
    client = client_for("Viewer", namespace="company.marketing")
    make_flow("etl")
    make_flow("export", namespace="company.marketing")

    assert names_in(client.get("/ui/main/flows")) == ["export"]


def test_long_list_needs_as_many_queries_as_a_short_one(viewer):
    def count():
        with CaptureQueriesContext(connection) as queries:
            viewer.get("/ui/main/flows")
        return len(queries)

    count()
    short = count()
    for number in range(20):
        make_flow(f"flow{number}")

    assert count() == short


def test_empty_tenant_offers_the_first_step(client_for):
    text = client_for("Developer").get("/ui/main/flows").content.decode()

    assert "No flows yet" in text
    assert 'href="/ui/main/welcome"' in text


def test_bulk_bar_disables_flows_and_says_so(client_for):
    client = client_for("Developer")
    make_flow("etl")

    answer = client.post("/ui/main/flows/bulk", {"action": "disable", "flow": ["company.data/etl"]})

    assert answer.status_code == 303
    assert "1 flow disabled." in client.get("/ui/main/flows").content.decode()
    with tenant_scope("main"):
        assert present_flows().get().is_disabled


def test_bulk_bar_is_refused_without_the_permission(viewer):
    answer = viewer.post("/ui/main/flows/bulk", {"action": "delete", "flow": "company.data/etl"})

    assert answer.status_code == 403
    assert b"FLOW:DELETE" in answer.content


def test_first_flow_is_saved_as_it_was_written(client_for):
    client = client_for("Developer")
    source = SOURCE.format(id="first", namespace="company.team", team="x")

    answer = client.post("/ui/main/welcome/flow", {"source": source})

    assert answer.headers["Location"] == "/ui/main/flows"
    with tenant_scope("main"):
        assert present_flows().get().current.source == source


def test_first_flow_that_does_not_hold_is_told_with_its_line(client_for):
    answer = client_for("Developer").post(
        "/ui/main/welcome/flow", {"source": "id: x\nid: y"}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 422
    assert "line 2" in answer.headers["HX-Trigger"]


def test_palette_finds_pages_and_flows(viewer):
    found = viewer.get("/ui/main/palette?q=e").json()["results"]

    assert [hit["title"] for hit in found if hit["group"] == "Flows"] == ["etl", "export"]
    pages = viewer.get("/ui/main/palette").json()["results"]
    assert "Flows" in [hit["title"] for hit in pages if hit["group"] == "Pages"]


def test_palette_finds_nothing_that_one_may_not_see(client_for):
    client = client_for({"KVSTORE": ["VIEW"]})
    make_flow("etl")

    assert client.get("/ui/main/palette?q=etl").json() == {"results": []}
