"""One suite for every internal storage. A new backend adds its fixture to `STORAGES`."""

import asyncio
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.contract import FileKind, Storage
from storage.errors import AddressRefused, FileInTheWay, FileMissing, FileTooLarge
from storage.local import LocalStorage
from storage.memory import MemoryStorage

STORAGES: dict[str, Callable[[Path], Storage]] = {
    "local": lambda folder: LocalStorage(folder / "storage"),
    "memory": lambda _: MemoryStorage(),
}
URI = "kestra:///company/team/flow/executions/1/out.txt"


@pytest.fixture(params=sorted(STORAGES))
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    return STORAGES[request.param](tmp_path)


def test_what_was_put_is_read_back(storage: Storage) -> None:
    stored = storage.put("main", URI, b"hello")

    assert stored == URI
    assert storage.read("main", URI) == b"hello"


def test_a_stream_and_an_iterable_of_chunks_are_stored_too(storage: Storage) -> None:
    storage.put("main", "kestra:///a/stream", io.BytesIO(b"x" * 700_000))
    storage.put("main", "kestra:///a/chunks", iter([b"one ", b"two"]))

    assert storage.size("main", "kestra:///a/stream") == 700_000
    assert storage.read("main", "kestra:///a/chunks") == b"one two"


def test_a_second_put_replaces_the_first(storage: Storage) -> None:
    storage.put("main", URI, b"first and longer")

    storage.put("main", URI, b"second")

    assert storage.read("main", URI) == b"second"


def test_a_put_that_fails_half_way_leaves_what_was_there(storage: Storage) -> None:
    storage.put("main", URI, b"before")

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError):
        storage.put("main", URI, broken())

    assert storage.read("main", URI) == b"before"


def test_a_file_beyond_the_limit_is_refused_and_not_stored(storage: Storage) -> None:
    with pytest.raises(FileTooLarge):
        storage.put("main", URI, b"123456", limit=5)

    assert not storage.exists("main", URI)


def test_reading_more_than_the_limit_is_refused(storage: Storage) -> None:
    storage.put("main", URI, b"123456")

    with pytest.raises(FileTooLarge):
        storage.read("main", URI, limit=5)


def test_an_empty_file_is_a_file(storage: Storage) -> None:
    storage.put("main", URI, b"")

    assert storage.exists("main", URI)
    assert storage.size("main", URI) == 0


def test_metadata_comes_back_and_goes_with_the_next_put(storage: Storage) -> None:
    storage.put("main", URI, b"1", metadata={"expiration": "2030-01-01T00:00:00Z"})
    first = storage.attributes("main", URI).metadata

    storage.put("main", URI, b"2")

    assert first == {"expiration": "2030-01-01T00:00:00Z"}
    assert storage.attributes("main", URI).metadata == {}


def test_metadata_is_no_file_of_its_own(storage: Storage) -> None:
    storage.put("main", "kestra:///a/b", b"1", metadata={"k": "v"})

    assert [item.name for item in storage.list("main", "kestra:///a")] == ["b"]
    assert [item.name for item in storage.walk("main", "kestra:///")] == ["a", "b"]


def test_attributes_tell_files_from_folders(storage: Storage) -> None:
    storage.put("main", URI, b"hello")

    file = storage.attributes("main", URI)
    folder = storage.attributes("main", "kestra:///company/team")

    assert (file.kind, file.name, file.size, file.uri) == (FileKind.FILE, "out.txt", 5, URI)
    assert file.modified.tzinfo is not None
    assert (folder.kind, folder.is_directory) == (FileKind.DIRECTORY, True)


def test_tenants_do_not_see_each_other(storage: Storage) -> None:
    storage.put("main", URI, b"of main")

    assert not storage.exists("other", URI)
    assert list(storage.walk("other", "kestra:///")) == []
    with pytest.raises(FileMissing):
        storage.get("other", URI)


@pytest.mark.parametrize("method", ["get", "size", "attributes", "list"])
def test_what_is_not_there_is_missing(storage: Storage, method: str) -> None:
    with pytest.raises(FileMissing) as caught:
        getattr(storage, method)("main", "kestra:///nowhere/at.all")

    assert "kestra:///nowhere/at.all" in str(caught.value)


@pytest.mark.parametrize("method", ["get", "size"])
def test_a_folder_is_not_read_as_a_file(storage: Storage, method: str) -> None:
    storage.make_directory("main", "kestra:///a/folder")

    with pytest.raises(FileMissing):
        getattr(storage, method)("main", "kestra:///a/folder")


def test_a_folder_lists_only_what_lies_directly_in_it(storage: Storage) -> None:
    for name in ("b.txt", "a.txt", "deep/er/c.txt"):
        storage.put("main", f"kestra:///f/{name}", b"1")

    found = storage.list("main", "kestra:///f")

    assert [(item.name, item.is_directory) for item in found] == [
        ("a.txt", False),
        ("b.txt", False),
        ("deep", True),
    ]


def test_an_empty_tenant_lists_nothing(storage: Storage) -> None:
    assert list(storage.list("main", "kestra:///")) == []


def test_walk_gives_all_depths_and_nothing_for_a_missing_folder(storage: Storage) -> None:
    for name in ("a.txt", "deep/er/c.txt"):
        storage.put("main", f"kestra:///f/{name}", b"1")

    files = [item.uri for item in storage.walk("main", "kestra:///f") if not item.is_directory]

    assert files == ["kestra:///f/a.txt", "kestra:///f/deep/er/c.txt"]
    assert list(storage.walk("main", "kestra:///nowhere")) == []


def test_a_file_moves_with_its_metadata(storage: Storage) -> None:
    storage.put("main", URI, b"hello", metadata={"k": "v"})

    moved = storage.move("main", URI, "kestra:///elsewhere/new.txt")

    assert storage.read("main", moved) == b"hello"
    assert storage.attributes("main", moved).metadata == {"k": "v"}
    assert not storage.exists("main", URI)


def test_a_folder_moves_with_all_below_it(storage: Storage) -> None:
    storage.put("main", "kestra:///f/deep/c.txt", b"c")

    storage.move("main", "kestra:///f", "kestra:///g/h")

    assert storage.read("main", "kestra:///g/h/deep/c.txt") == b"c"
    assert not storage.exists("main", "kestra:///f")


def test_nothing_moves_onto_something(storage: Storage) -> None:
    storage.put("main", "kestra:///a", b"a")
    storage.put("main", "kestra:///b", b"b")

    with pytest.raises(FileInTheWay):
        storage.move("main", "kestra:///a", "kestra:///b")

    assert storage.read("main", "kestra:///b") == b"b"


def test_a_folder_does_not_move_into_itself(storage: Storage) -> None:
    storage.put("main", "kestra:///f/a", b"a")

    with pytest.raises(AddressRefused):
        storage.move("main", "kestra:///f", "kestra:///f/g")


def test_moving_what_is_not_there_is_missing(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.move("main", "kestra:///a", "kestra:///b")


def test_delete_says_whether_there_was_a_file(storage: Storage) -> None:
    storage.put("main", URI, b"1", metadata={"k": "v"})

    assert storage.delete("main", URI) is True
    assert storage.delete("main", URI) is False
    assert not storage.exists("main", URI)


def test_delete_refuses_a_folder(storage: Storage) -> None:
    storage.put("main", "kestra:///f/a", b"a")

    with pytest.raises(AddressRefused):
        storage.delete("main", "kestra:///f")

    assert storage.exists("main", "kestra:///f/a")


def test_delete_prefix_takes_a_folder_and_not_its_neighbours(storage: Storage) -> None:
    for name in ("1/a", "1/b/c", "12/a"):
        storage.put("main", f"kestra:///e/{name}", b"1", metadata={"k": "v"})

    count = storage.delete_prefix("main", "kestra:///e/1")

    assert count == 2
    assert not storage.exists("main", "kestra:///e/1")
    assert storage.exists("main", "kestra:///e/12/a")
    assert storage.delete_prefix("main", "kestra:///e/1") == 0


def test_delete_prefix_of_the_root_empties_one_tenant(storage: Storage) -> None:
    storage.put("main", URI, b"1")
    storage.put("other", URI, b"1")

    storage.delete_prefix("main", "kestra:///")

    assert list(storage.list("main", "kestra:///")) == []
    assert storage.exists("other", URI)


def test_a_folder_can_be_made_and_made_again(storage: Storage) -> None:
    storage.make_directory("main", "kestra:///f/g")
    storage.put("main", "kestra:///f/g/a", b"a")

    storage.make_directory("main", "kestra:///f/g")

    assert storage.attributes("main", "kestra:///f/g").is_directory
    assert storage.read("main", "kestra:///f/g/a") == b"a"


def test_a_file_is_not_stored_over_a_folder_nor_below_a_file(storage: Storage) -> None:
    storage.put("main", "kestra:///f/a", b"a")

    with pytest.raises(FileInTheWay):
        storage.put("main", "kestra:///f", b"1")
    with pytest.raises(FileInTheWay):
        storage.put("main", "kestra:///f/a/b", b"1")
    with pytest.raises(FileInTheWay):
        storage.make_directory("main", "kestra:///f/a")


def test_names_with_blanks_signs_and_letters_of_all_kinds_survive(storage: Storage) -> None:
    uri = storage.put("main", "kestra:///f/100%25 d%C3%A9j%C3%A0 ä#?.txt", b"1")

    assert uri == "kestra:///f/100%25%20déjà%20ä%23%3F.txt"
    assert storage.list("main", "kestra:///f")[0].name == "100% déjà ä#?.txt"
    assert storage.list("main", "kestra:///f")[0].uri == uri
    assert storage.read("main", uri) == b"1"


@pytest.mark.parametrize(
    "uri",
    [
        "kestra:///../other/secret",
        "kestra:///a/../../other",
        "kestra:///a/%2e%2e/b",
        "kestra:///a/%252e%252e/b",
        "kestra:///a/..%2fb",
        "kestra:///a\\..\\b",
        "kestra:///a/%00b",
        "kestra:///a//b",
        "kestra:////etc/passwd",
        "kestra://host/a",
        "file:///etc/passwd",
        "/etc/passwd",
        "",
        "kestra:///",
        "kestra:///" + "n" * 201,
    ],
)
def test_no_address_leads_out_of_the_tenant(storage: Storage, uri: str) -> None:
    with pytest.raises(AddressRefused):
        storage.put("main", uri, b"1")
    with pytest.raises(AddressRefused):
        storage.get("main", uri)


@pytest.mark.parametrize("tenant", ["", "..", "a/b", "_work", "Upper", "a" * 200])
def test_no_tenant_leads_out_of_the_storage(storage: Storage, tenant: str) -> None:
    with pytest.raises(AddressRefused):
        storage.put(tenant, URI, b"1")


def test_a_download_streams_off_the_event_loop_in_chunks(storage: Storage) -> None:
    storage.put("main", URI, b"0123456789")

    async def download() -> list[bytes]:
        return [chunk async for chunk in storage.stream("main", URI, chunk_size=4)]

    assert asyncio.run(download()) == [b"0123", b"4567", b"89"]


def test_a_file_that_is_being_read_survives_its_replacement(storage: Storage) -> None:
    storage.put("main", URI, b"before")

    with storage.get("main", URI) as stream:
        storage.put("main", URI, b"after!")
        content = stream.read()

    assert content == b"before"
