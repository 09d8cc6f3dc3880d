"""Uploads with flows in them."""

import io
import zipfile

import pytest

from common.errors import Invalid, TooLarge
from common.yaml import MAX_BYTES
from flows.uploads import SourceFile, read_upload


def archive_of(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_a_yaml_file_is_one_source() -> None:
    assert read_upload("Flow.YML", b"\xef\xbb\xbfid: a\n") == [SourceFile("Flow.YML", "id: a\n")]


def test_an_archive_gives_its_yaml_files() -> None:
    content = archive_of(a__yml=b"id: a", b__yaml=b"id: b", readme__md=b"#")

    assert [file.name for file in read_upload("flows.zip", content)] == ["a.yml", "b.yaml"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("flow.txt", b"id: a"), ("flows.zip", b"no archive"), ("flow.yml", b"\xff\xfe")],
)
def test_what_cannot_be_read_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(Invalid):
        read_upload(name, content)


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(TooLarge):
        read_upload("flows.zip", archive_of(a__yml=b"#" * (MAX_BYTES + 1)))
