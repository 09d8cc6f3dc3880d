"""Files of executions: download, whose they are, previews."""

import base64
from typing import Any

import pytest

from executions.models import Execution
from executions.queries.files import folder_of
from executions.queries.previews import MAX_BYTES
from tenants.storages import storage_of
from tests.executions.rows import an_execution

pytestmark = pytest.mark.usefixtures("tenant")


def put(row: Execution, name: str, content: bytes) -> str:
    return storage_of(tenant="main").put("main", folder_of(row).child(name), content)


def get(send: Any, row: Execution, path: str, *, tail: str = "", more: str = "") -> Any:
    return send("GET", f"/executions/{row.public_id}/file{tail}?path={path}{more}")


def preview(send: Any, name: str, content: bytes, *, more: str = "&maxRows=2") -> Any:
    row = an_execution()
    return get(send, row, put(row, name, content), tail="/preview", more=more)


def test_a_file_is_sent_with_its_name(send: Any) -> None:
    row = an_execution()

    response = get(send, row, put(row, "a.txt", b"hello"))

    assert b"".join(response.streaming_content) == b"hello"
    assert response["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert response["Content-Length"] == "5"


def test_the_size_of_a_file(send: Any) -> None:
    row = an_execution()

    assert get(send, row, put(row, "a.txt", b"hello"), tail="/metas").json() == {"size": 5}


@pytest.mark.parametrize("tail", ["", "/metas", "/preview"])
def test_a_file_of_another_execution_is_found_there(send: Any, tail: str) -> None:
    row, other = an_execution(), an_execution(flow_id="other")
    path = put(other, "a.txt", b"hello")

    response = get(send, row, path, tail=tail, more="&maxRows=1")

    assert response.status_code == 302
    assert response["Location"].startswith(
        f"/api/v1/main/executions/{other.public_id}/file{tail}?path=kestra%3A%2F%2F%2F"
    )
    followed = send("GET", response["Location"].removeprefix("/api/v1/main"))
    assert followed.status_code == 200
    if followed.streaming:
        assert b"".join(followed.streaming_content) == b"hello"


@pytest.mark.parametrize(
    "path",
    [
        "kestra:///company/team/_files/a.txt",
        "kestra:///company/team/hello/executions/none/a.txt",
        "kestra:///elsewhere/executions/{id}/a.txt",
        "kestra:///company/team/hello/executions/{id}/../x",
        "file:///etc/passwd",
        "a.txt",
    ],
)
def test_other_addresses_are_refused(send: Any, path: str) -> None:
    row = an_execution()

    assert get(send, row, path.format(id=row.public_id)).status_code == 422


def test_a_file_that_is_not_there_is_not_found(send: Any) -> None:
    row = an_execution()

    assert get(send, row, f"{folder_of(row)}/none.txt").status_code == 404
    assert send("GET", f"/executions/{row.public_id}/file").status_code == 400


# ---- previews -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b'id,name\n1,"a,b"\n', [{"id": "1", "name": "a,b"}]),
        ("a.tsv", b"id\tname\n1\ta\n", [{"id": "1", "name": "a"}]),
        ("a.jsonl", b'{"a":1}\n\n[2]\n', [{"a": 1}, [2]]),
        ("a.ion", b'{id:1,name:"x",ok:true,none:null}\n[a,"b"]', [
            {"id": 1, "name": "x", "ok": True, "none": None}, ["a", "b"],
        ]),
    ],
)  # fmt: skip
def test_rows_are_shown_as_a_list(send: Any, name: str, content: bytes, expected: Any) -> None:
    shape = preview(send, name, content).json()

    assert shape == {
        "extension": name.rpartition(".")[2],
        "type": "LIST",
        "content": expected,
        "truncated": False,
    }


def test_more_rows_than_asked_for_are_cut(send: Any) -> None:
    shape = preview(send, "a.jsonl", b"1\n2\n3\n").json()

    assert (shape["content"], shape["truncated"]) == ([1, 2], True)


def test_text_is_shown_by_lines(send: Any) -> None:
    shape = preview(send, "a.log", "é\nb\nc".encode("latin-1"), more="&maxRows=2&encoding=latin-1")

    assert shape.json() == {
        "extension": "log", "type": "TEXT", "content": "é\nb\n", "truncated": True,
    }  # fmt: skip


def test_only_the_beginning_of_a_large_file_is_read(send: Any) -> None:
    content = b"id\n" + b"0123456789\n" * (MAX_BYTES // 11 + 100)

    shape = preview(send, "a.csv", content, more="&maxRows=3").json()

    assert (len(shape["content"]), shape["truncated"]) == (3, True)


def test_a_picture_is_shown_in_base64(send: Any) -> None:
    shape = preview(send, "a.png", b"\x89PNG").json()

    assert (shape["type"], base64.b64decode(shape["content"])) == ("IMAGE", b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content", "more", "status"),
    [
        ("a.jsonl", b"{", "&maxRows=2", 422),
        ("a.ion", b"{", "&maxRows=2", 422),
        ("a.txt", b"a", "&maxRows=2&encoding=none", 422),
        ("a.txt", b"a", "&maxRows=0", 422),
        ("a.txt", b"a", "", 400),
    ],
)
def test_previews_that_cannot_be_made(
    send: Any, name: str, content: bytes, more: str, status: int
) -> None:
    assert preview(send, name, content, more=more).status_code == status
