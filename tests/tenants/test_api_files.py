import io
import zipfile
from typing import Any, cast

import pytest
from asgiref.sync import async_to_sync
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import AsyncClient, Client

from tests.tenants.fake_gate import FakeGate

pytestmark = pytest.mark.django_db
BASE = "/api/v1/main/namespaces/company.team/files"


def _upload(api: Client, path: str, content: bytes = b"hello") -> Any:
    part = SimpleUploadedFile("any.txt", content)
    return api.post(f"{BASE}?path={path}", {"fileContent": part})


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_file_is_uploaded_and_downloaded_byte_for_byte(api: Client) -> None:
    content = bytes(range(256)) * 5000

    uploaded = _upload(api, "/scripts/main.py", content)
    got = api.get(f"{BASE}?path=scripts/main.py")

    assert (uploaded.status_code, uploaded.content) == (200, b"")
    assert _body(got) == content
    assert got["Content-Disposition"] == 'attachment; filename="main.py"'
    assert got["Content-Length"] == str(len(content))
    assert got["Content-Type"] == "application/octet-stream"
    assert got["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db(transaction=True)
def test_an_asynchronous_server_streams_the_same(api: Client) -> None:
    _upload(api, "a.txt", b"x" * 700_000)

    async def download() -> tuple[int, int]:
        response = await AsyncClient().get(f"{BASE}?path=a.txt")
        chunks = [chunk async for chunk in cast(Any, response)]
        response.close()
        return len(chunks), sum(map(len, chunks))

    assert async_to_sync(download)() == (3, 700_000)


def test_a_text_part_without_a_file_name_is_a_file_too(api: Client) -> None:
    api.post(f"{BASE}?path=a.txt", {"fileContent": "hällo"})

    assert _body(api.get(f"{BASE}?path=a.txt")) == "hällo".encode()


def test_a_name_with_letters_of_all_kinds_is_told_in_the_header(api: Client) -> None:
    _upload(api, "d%C3%A9j%C3%A0%20vu.txt")

    got = api.get(f"{BASE}?path=/d%C3%A9j%C3%A0%20vu.txt")

    assert got["Content-Disposition"] == "attachment; filename*=utf-8''d%C3%A9j%C3%A0%20vu.txt"


def test_an_upload_without_its_part_or_path_is_400(api: Client) -> None:
    assert api.post(f"{BASE}?path=a.txt", {"other": "x"}).status_code == 400
    assert api.post(BASE, {"fileContent": "x"}).status_code == 400
    assert api.get(BASE).status_code == 400


@pytest.mark.parametrize("path", ["../x", "a/../../x", "%252e%252e/x", "a%5Cb", "/", "a//b"])
def test_a_wrong_path_is_422(api: Client, path: str) -> None:
    assert _upload(api, path).status_code == 422


@pytest.mark.parametrize("path", ["../x", "%252e%252e/x", "..%2F..%2Fetc%2Fpasswd"])
def test_a_wrong_path_is_422_for_whoever_reads_or_deletes(api: Client, path: str) -> None:
    for response in (
        api.get(f"{BASE}?path={path}"),
        api.get(f"{BASE}/directory?path={path}"),
        api.get(f"{BASE}/stats?path={path}"),
        api.get(f"{BASE}/revisions?path={path}"),
        api.delete(f"{BASE}?path={path}"),
        api.put(f"{BASE}?from=a&to={path}"),
        api.post(f"{BASE}/directory?path={path}"),
    ):
        assert response.status_code == 422


def test_a_missing_file_is_404(api: Client) -> None:
    assert api.get(f"{BASE}?path=none").status_code == 404
    assert api.get(f"{BASE}/stats?path=none").status_code == 404
    assert api.get(f"{BASE}/directory?path=none").status_code == 404
    assert api.put(f"{BASE}?from=none&to=b").status_code == 404


def test_a_file_is_moved_and_deleted(api: Client) -> None:
    _upload(api, "a.txt")

    moved = api.put(f"{BASE}?from=/a.txt&to=/dir/b.txt")
    deleted = api.delete(f"{BASE}?path=/dir")

    assert (moved.status_code, deleted.status_code) == (200, 200)
    assert api.get(f"{BASE}/search?q=").json() == []


def test_deleting_what_is_not_there_is_no_error(api: Client) -> None:
    assert api.delete(f"{BASE}?path=/").status_code == 200
    assert api.delete(f"{BASE}?path=/none").status_code == 200


def test_moving_onto_something_is_409(api: Client) -> None:
    _upload(api, "a.txt")
    _upload(api, "b.txt")

    assert api.put(f"{BASE}?from=a.txt&to=b.txt").status_code == 409


def test_a_folder_is_made_and_listed(api: Client) -> None:
    api.post(f"{BASE}/directory?path=/dir/inner")
    _upload(api, "dir/a.txt", b"123")

    first, second = api.get(f"{BASE}/directory?path=/dir").json()

    assert (first["fileName"], first["type"], first["size"]) == ("a.txt", "File", 3)
    assert (second["fileName"], second["type"]) == ("inner", "Directory")
    assert isinstance(first["lastModifiedTime"], int)
    assert isinstance(first["creationTime"], int)
    assert [item["fileName"] for item in api.get(f"{BASE}/directory").json()] == ["dir"]


def test_an_unused_namespace_has_no_files(api: Client) -> None:
    assert api.get(f"{BASE}/directory").json() == []
    assert api.get(f"{BASE}/search?q=a").json() == []


def test_stats_and_search(api: Client) -> None:
    _upload(api, "dir/a.txt", b"123")

    assert api.get(f"{BASE}/stats?path=/dir/a.txt").json()["size"] == 3
    assert api.get(f"{BASE}/search?q=A.T").json() == ["/dir/a.txt"]


def test_revisions_are_listed_and_read(api: Client) -> None:
    _upload(api, "a.txt", b"one")
    _upload(api, "a.txt", b"two")

    assert api.get(f"{BASE}/revisions?path=a.txt").json() == [{"revision": 1}, {"revision": 2}]
    assert _body(api.get(f"{BASE}?path=a.txt&revision=1")) == b"one"
    assert api.get(f"{BASE}?path=a.txt&revision=9").status_code == 404
    assert api.get(f"{BASE}?path=a.txt&revision=x").status_code == 422


def test_an_export_is_a_zip_archive(api: Client) -> None:
    _upload(api, "dir/a.txt", b"one")

    response = api.get(f"{BASE}/export")

    assert response["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(_body(response))) as archive:
        assert archive.read("dir/a.txt") == b"one"


def test_reading_writing_and_deleting_are_permissions_of_flows(
    api: Client, gate: type[FakeGate]
) -> None:
    _upload(api, "a.txt")
    gate.granted = {"FLOW:VIEW": {"company"}}

    assert api.get(f"{BASE}?path=a.txt").status_code == 200
    assert _upload(api, "b.txt").status_code == 403
    assert api.delete(f"{BASE}?path=a.txt").status_code == 403
    assert api.get(f"{BASE.replace('company', 'other')}/search").status_code == 403


def test_files_of_another_tenant_are_404(api: Client) -> None:
    _upload(api, "a.txt")

    assert api.get(f"{BASE.replace('/main/', '/other/')}?path=a.txt").status_code == 404
