"""Pictures over more than one flow: subflows from within, dependencies of a whole tenant."""

from typing import Any

import pytest

from tests.flows.sources import RETURN, SEQUENTIAL, calling, flow

CLUSTER = "io.kestra.core.models.hierarchies.SubflowGraphCluster"
TASK = "io.kestra.core.models.hierarchies.SubflowGraphTask"
GRAPH = "/flows/company.team/parent/graph"


def uids(body: Any) -> list[str]:
    return [node["uid"] for node in body["nodes"]]


def test_a_subflow_is_one_node_unless_it_is_asked_for(send: Any) -> None:
    send("POST", "/flows", calling("parent", "child"))
    send("POST", "/flows", flow("child"))

    body = send("GET", GRAPH).json()

    assert uids(body) == ["root.@start", "root.call", "root.@end"]
    assert body["nodes"][1]["type"] == TASK
    assert body["clusters"] == []


def test_a_subflow_is_shown_from_within_as_a_cluster(send: Any) -> None:
    send("POST", "/flows", calling("parent", "child"))
    send("POST", "/flows", flow("child"))

    body = send("GET", f"{GRAPH}?subflows=root.call").json()

    inner = ["root.call.@start", "root.call.greet", "root.call.@end"]
    assert sorted(uids(body)) == sorted(["root.@start", *inner, "root.@end"])
    assert next(node for node in body["nodes"] if node["uid"] == inner[1])["task"]["id"] == "greet"
    (cluster,) = body["clusters"]
    assert cluster["nodes"] == inner
    assert (cluster["start"], cluster["end"]) == (inner[0], inner[2])
    assert cluster["cluster"]["type"] == CLUSTER
    assert cluster["cluster"]["task"]["flowId"] == "child"
    pairs = [(edge["source"], edge["target"]) for edge in body["edges"]]
    assert pairs == [
        ("root.call.@start", "root.call.greet"),
        ("root.call.greet", "root.call.@end"),
        ("root.@start", "root.call.@start"),
        ("root.call.@end", "root.@end"),
    ]


def test_subflows_of_subflows_are_shown_where_both_are_named(send: Any) -> None:
    send("POST", "/flows", calling("parent", "middle"))
    send("POST", "/flows", calling("middle", "child"))
    send("POST", "/flows", flow("child"))

    both = send("GET", f"{GRAPH}?subflows=root.call,root.call.call").json()
    inner_only = send("GET", f"{GRAPH}?subflows=root.call.call").json()

    assert "root.call.call.greet" in uids(both)
    assert [each["parents"] for each in both["clusters"]] == [["cluster_root.call"], []]
    assert uids(inner_only) == ["root.@start", "root.call", "root.@end"]


def test_flows_that_call_each_other_are_drawn_as_often_as_asked(send: Any) -> None:
    send("POST", "/flows", calling("parent", "child"))
    send("POST", "/flows", calling("child", "parent"))

    body = send("GET", f"{GRAPH}?subflows=root.call&subflows=root.call.call").json()

    assert "root.call.call.call" in uids(body)
    assert len(body["clusters"]) == 2


def test_a_subflow_that_is_not_known_yet_stays_a_node(send: Any, client_for: Any) -> None:
    send("POST", "/flows", calling("parent", "missing"))
    source = calling("other", "child").replace("child", '"{{ inputs.name }}"')
    send("POST", "/flows", source + "inputs:\n  - {id: name, type: STRING}\n")

    for name in ("parent", "other"):
        body = send("GET", f"/flows/company.team/{name}/graph?subflows=root.call").json()
        assert uids(body) == ["root.@start", "root.call", "root.@end"]


def test_a_subflow_that_the_caller_may_not_see_stays_a_node(send: Any, client_for: Any) -> None:
    source = calling("parent", "child").replace("    namespace: company.team", "    namespace: top")
    send("POST", "/flows", source)
    send("POST", "/flows", flow("child", "top"))
    client = client_for({"FLOW": ["READ"]}, namespace="company")

    body = client.get(f"/api/v1/main{GRAPH}?subflows=root.call").json()

    assert uids(body) == ["root.@start", "root.call", "root.@end"]


def test_the_graph_of_a_source_shows_subflows_too(send: Any) -> None:
    send("POST", "/flows", flow("child"))

    body = send("POST", "/flows/graph?subflows=root.call", calling("parent", "child")).json()

    assert "root.call.greet" in uids(body)


def test_more_subflows_than_can_be_read_are_refused(send: Any) -> None:
    send("POST", "/flows", flow("parent"))

    many = ",".join(f"root.{number}" for number in range(101))

    assert send("GET", f"{GRAPH}?subflows={many}").status_code == 422


def test_dependencies_of_a_tenant_are_those_of_all_its_flows(send: Any, client_for: Any) -> None:
    send("POST", "/flows", calling("parent", "child"))
    send("POST", "/flows", flow("child"))
    send("POST", "/flows", flow("alone", "elsewhere"))

    everything = send("GET", "/dependencies").json()
    connected = send("GET", "/dependencies?destinationOnly=true").json()
    reader = client_for({"FLOW": ["READ"]}, namespace="elsewhere")
    seen = reader.get("/api/v1/main/dependencies").json()

    assert [node["id"] for node in everything["nodes"]] == ["child", "parent", "alone"]
    assert [edge["relation"] for edge in everything["edges"]] == ["FLOW_TASK"]
    assert [node["id"] for node in connected["nodes"]] == ["child", "parent"]
    assert ([node["id"] for node in seen["nodes"]], seen["edges"]) == (["alone"], [])


# ---- one task -----------------------------------------------------------------------------------
NESTED = (
    f"id: hello\nnamespace: company.team\ntasks:\n  - id: outer\n    type: {SEQUENTIAL}\n"
    f"    tasks:\n      - id: inner\n        type: {RETURN}\n        format: old\n"
)
TASK_SOURCE = f"id: inner\ntype: {RETURN}\nformat: new\n"


def test_one_task_of_a_flow_is_replaced(send: Any) -> None:
    send("POST", "/flows", NESTED)

    body = send("PATCH", "/flows/company.team/hello/inner", TASK_SOURCE).json()

    assert body["revision"] == 2
    assert body["tasks"][0]["tasks"] == [{"id": "inner", "type": RETURN, "format": "new"}]
    assert "format: new" in send("GET", "/flows/company.team/hello?source=true").json()["source"]


def test_the_same_task_again_makes_no_revision(send: Any) -> None:
    send("POST", "/flows", f"# kept\n{NESTED}")

    body = send("PATCH", "/flows/company.team/hello/inner", TASK_SOURCE.replace("new", "old"))

    assert (body.json()["revision"], body.json()["source"][:6]) == (1, "# kept")


def test_a_task_can_be_json(super_client: Any, send: Any) -> None:
    send("POST", "/flows", NESTED)

    body = {"id": "inner", "type": RETURN, "format": "json"}
    answer = super_client.json("PATCH", "/api/v1/main/flows/company.team/hello/inner", body)

    assert answer.json()["tasks"][0]["tasks"][0]["format"] == "json"


@pytest.mark.parametrize(
    ("path", "source", "status"),
    [
        ("/flows/company.team/hello/missing", TASK_SOURCE.replace("inner", "missing"), 404),
        ("/flows/company.team/missing/inner", TASK_SOURCE, 404),
        ("/flows/company.team/hello/inner", TASK_SOURCE.replace("inner", "other"), 422),
        ("/flows/company.team/hello/inner", "id: inner\ntype: no.such.Type\n", 422),
        ("/flows/company.team/hello/inner", "- a list", 422),
        ("/flows/company.team/hello/inner", "", 422),
    ],
)
def test_a_task_that_does_not_hold_is_refused(
    send: Any, path: str, source: str, status: int
) -> None:
    send("POST", "/flows", NESTED)

    assert send("PATCH", path, source).status_code == status
    assert send("GET", "/flows/company.team/hello").json()["revision"] == 1


def test_a_task_is_replaced_only_where_the_caller_may(send: Any, client_for: Any) -> None:
    send("POST", "/flows", NESTED)
    reader = client_for({"FLOW": ["READ"]})

    answer = reader.generic(
        "PATCH",
        "/api/v1/main/flows/company.team/hello/inner",
        TASK_SOURCE,
        content_type="application/x-yaml",
    )

    assert answer.status_code == 403


# ---- CSV ----------------------------------------------------------------------------------------
def test_flows_are_exported_as_csv(send: Any, client_for: Any) -> None:
    send("POST", "/flows", flow("a", more='description: "x, \\"y\\"\\nz"\nlabels: {team: b}\n'))
    send("POST", "/flows", flow("b", "elsewhere"))

    answer = send("GET", "/flows/export/by-query/csv?q=a&namespace=company")
    lines = b"".join(answer.streaming_content).decode().split("\r\n")

    assert answer.headers["Content-Type"] == "text/csv"
    assert 'filename="flows.csv"' in answer.headers["Content-Disposition"]
    assert lines[0] == "namespace,id,revision,description,disabled,labels,tasks,triggers,updated"
    assert lines[1].startswith('company.team,a,1,"x, ""y""\nz",false,team:b,1,0,2')
    assert lines[2:] == [""]
    reader = client_for({"FLOW": ["VIEW"]})
    assert reader.get("/api/v1/main/flows/export/by-query/csv").status_code == 403
