"""Starting executions: every form of inputs, labels, refusals, many at once."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from executions.confidential import decrypt_value
from executions.models import Execution, InboxRow
from tenants.storages import storage_of
from tests.flows.sources import flow

ROOT = "/api/v1/main"
START = f"{ROOT}/executions/company.team/hello"
INPUTS = """
inputs:
  - {id: text, type: STRING, required: false}
  - {id: number, type: INT, required: false}
  - {id: file, type: FILE, required: false}
"""

pytestmark = pytest.mark.usefixtures("tenant")


def stored(response: Any) -> Execution:
    assert response.status_code == 200, response.content
    return Execution.objects.get(public_id=response.json()["id"])


def content(execution: Execution, input_id: str = "file") -> bytes:
    return storage_of(tenant="main").read("main", execution.inputs[input_id])


def test_an_execution_is_created_and_the_engine_is_asked(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more="labels: {team: a, system.readOnly: 'true'}\n"))

    response = super_client.generic("POST", START)

    shape = response.json()
    row = stored(response)
    assert shape["state"]["current"] == "CREATED"
    assert shape["originalId"] == shape["id"]
    assert shape["url"].endswith(f"/ui/main/executions/company.team/hello/{shape['id']}")
    assert shape["labels"] == [
        {"key": "team", "value": "a"},
        {"key": "system.correlationId", "value": shape["id"]},
    ]
    assert InboxRow.objects.get().execution_id == row.public_id
    line = AuditEntry.objects.get(resource="EXECUTION")
    assert (line.type, line.object_id) == ("CREATE", row.public_id)


def test_parts_of_a_form_are_inputs(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more=INPUTS))

    response = super_client.post(START, {"text": "hi", "number": "42"})

    assert stored(response).inputs == {"text": "hi", "number": 42, "file": None}


@pytest.mark.parametrize(
    ("part", "name"), [("files", "file"), ("file", "file"), ("file", "report.csv")]
)
def test_a_file_belongs_to_the_input_that_its_part_or_its_name_says(
    save_flow: Any, super_client: Any, part: str, name: str
) -> None:
    save_flow(flow(more=INPUTS))

    response = super_client.post(START, {part: SimpleUploadedFile(name, b"a,b")})

    row = stored(response)
    assert row.inputs["file"].startswith(
        f"kestra:///company/team/hello/executions/{row.public_id}/inputs/file/"
    )
    assert content(row) == b"a,b"


def test_an_empty_upload_is_refused(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more=INPUTS))

    response = super_client.post(START, {"files": SimpleUploadedFile("file", b"")})

    assert response.status_code == 422
    assert "the file is empty" in response.json()["message"]


def test_bytes_for_an_input_that_is_no_file_are_its_text(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more=INPUTS))

    response = super_client.post(START, {"text": SimpleUploadedFile("text", "hé".encode())})

    assert stored(response).inputs["text"] == "hé"


def test_a_form_may_have_no_part_at_all(save_flow: Any, super_client: Any) -> None:
    save_flow(flow())

    response = super_client.generic(
        "POST", START, b"--mark--\r\n", content_type="multipart/form-data; boundary=mark"
    )

    assert stored(response).inputs is None


def test_a_body_that_is_no_form_is_refused(save_flow: Any, super_client: Any) -> None:
    save_flow(flow())

    response = super_client.generic("POST", START, b"x", content_type="multipart/form-data")

    assert response.status_code == 400


def test_inputs_may_be_a_json_object(save_flow: Any, send: Any) -> None:
    save_flow(flow(more=INPUTS))

    response = send("POST", "/executions/company.team/hello", {"text": "hi", "number": 1})

    assert stored(response).inputs == {"text": "hi", "number": 1, "file": None}


def test_the_older_address_does_the_same(save_flow: Any, send: Any) -> None:
    save_flow(flow())

    assert send("POST", "/executions/trigger/company.team/hello").status_code == 200
    assert Execution.objects.count() == 1


def test_inputs_that_do_not_fit_are_all_named(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more="inputs: [{id: a, type: INT}, {id: b, type: STRING}]\n"))

    response = super_client.post(START, {"a": "x"})

    assert response.status_code == 422
    paths = [item["path"] for item in response.json()["_embedded"]["errors"]]
    assert paths == ["inputs.a", "inputs.b"]
    assert not Execution.objects.exists()


def test_a_secret_input_is_encrypted_and_never_shown(save_flow: Any, super_client: Any) -> None:
    save_flow(flow(more="inputs: [{id: key, type: SECRET}]\n"))

    response = super_client.post(START, {"key": "open sesame"})

    row = stored(response)
    assert b"open sesame" not in response.content
    assert "open sesame" not in str(row.inputs)
    assert decrypt_value(row.inputs["key"]) == "open sesame"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("labels=team:a:b", 200),
        ("labels=system.correlationId:me", 200),
        ("labels=system.other:me", 422),
        ("labels=nothing", 422),
        ("scheduleDate=2030-01-01T00:00:00+01:00", 200),
        ("scheduleDate=tomorrow", 422),
        ("kind=TEST", 200),
        ("kind=OTHER", 422),
        ("revision=1", 200),
        ("revision=9", 404),
        ("wait=perhaps", 422),
    ],
)
def test_the_query_is_checked(save_flow: Any, super_client: Any, query: str, status: int) -> None:
    save_flow(flow())

    assert super_client.generic("POST", f"{START}?{query}").status_code == status


def test_what_the_query_says_is_kept(save_flow: Any, super_client: Any) -> None:
    save_flow(flow())

    row = stored(
        super_client.generic(
            "POST", f"{START}?labels=a:b:c&scheduleDate=2030-01-01T00:00:00%2B01:00&kind=TEST"
        )
    )

    assert {"key": "a", "value": "b:c"} in row.labels
    assert row.schedule_date.isoformat() == "2029-12-31T23:00:00+00:00"
    assert row.kind == "TEST"


def test_a_disabled_flow_is_refused(save_flow: Any, send: Any) -> None:
    save_flow(flow(more="disabled: true\n"))

    response = send("POST", "/executions/company.team/hello")

    assert response.status_code == 409
    assert response.json()["message"] == "Illegal state: Cannot execute a disabled flow"


def test_a_flow_that_is_not_there_is_not_found(send: Any) -> None:
    assert send("POST", "/executions/company.team/none").status_code == 404


def test_a_flow_may_be_called_like_an_action(save_flow: Any, send: Any) -> None:
    for name in ("labels", "kill", "file"):
        save_flow(flow(name))

        assert send("POST", f"/executions/company.team/{name}").json()["flowId"] == name


def test_validation_tells_what_would_become_of_the_inputs(
    save_flow: Any, super_client: Any
) -> None:
    save_flow(flow(more="inputs: [{id: a, type: INT}, {id: b, type: STRING, defaults: x}]\n"))

    response = super_client.post(f"{START}/validate", {"a": "no"})

    (shape,) = response.json()
    first, second = shape["inputs"]
    assert (first["input"]["id"], first["enabled"]) == ("a", True)
    assert "whole number" in first["errors"][0]["message"]
    assert (second["value"], second["isDefault"], second["errors"]) == ("x", True, [])
    assert not Execution.objects.exists()


# ---- many at once -------------------------------------------------------------------------------
def test_a_bulk_call_starts_what_it_can_and_tells_the_rest(save_flow: Any, send: Any) -> None:
    save_flow(flow(more="inputs: [{id: a, type: INT}]\n"))
    good = {"namespace": "company.team", "flowId": "hello", "inputs": {"a": 1}}

    response = send(
        "POST",
        "/executions/bulk",
        [
            {**good, "labels": [{"key": "team", "value": "x"}]},
            {**good, "flowId": "none"},
            {**good, "inputs": {"a": "x"}},
            "nonsense",
            good,
        ],
    )

    answers = response.json()
    assert response.status_code == 200
    assert [sorted(each) for each in answers] == [
        ["id", "url"], ["error"], ["error"], ["error"], ["id", "url"],
    ]  # fmt: skip
    assert Execution.objects.count() == InboxRow.objects.count() == 2
    line = AuditEntry.objects.get(resource="EXECUTION")
    assert line.detail["ids"] == [answers[0]["id"], answers[4]["id"]]


@pytest.mark.postgres  # SQLite has no round trips: its rows are written one by one
def test_a_bulk_call_costs_the_same_queries_for_any_number(
    save_flow: Any, send: Any, django_assert_max_num_queries: Any
) -> None:
    save_flow(flow())
    item = {"namespace": "company.team", "flowId": "hello"}
    send("POST", "/executions/bulk", [item])

    with django_assert_max_num_queries(8):
        response = send("POST", "/executions/bulk", [item] * 200)

    assert len({each["id"] for each in response.json()}) == 200


def test_a_bulk_call_starts_nothing_where_the_caller_may_not(
    save_flow: Any, client_for: Any
) -> None:
    save_flow(flow())
    save_flow(flow(namespace="other"))
    client = client_for({"FLOW": ["EXECUTE"]}, namespace="company")

    response = client.json(
        "POST",
        f"{ROOT}/executions/bulk",
        [{"namespace": name, "flowId": "hello"} for name in ("company.team", "other")],
    )

    first, second = response.json()
    assert "id" in first
    assert "FLOW:EXECUTE" in second["error"]


@pytest.mark.parametrize("body", [{}, [{}] * 10_001])
def test_a_bulk_call_of_another_shape_is_refused(send: Any, body: Any) -> None:
    assert send("POST", "/executions/bulk", body).status_code == 422
