import io
import zipfile
from typing import Any

import pytest

from audit.models import AuditEntry
from common.actor import Actor
from common.errors import Invalid
from common.tenancy import tenant_scope
from storage.errors import AddressRefused, FileInTheWay, FileMissing, FileTooLarge
from tenants import limits, queries, services
from tenants.errors import RevisionNotFound
from tenants.models import FileRevision
from tenants.storages import storage_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tenant")]
NAMESPACE = "company.team"


def _upload(actor: Actor, path: str, content: bytes = b"1") -> FileRevision:
    return services.upload_file(actor=actor, namespace=NAMESPACE, path=path, content=content)


def _read(path: str, revision: int | None = None) -> bytes:
    stream, _ = queries.open_file(namespace=NAMESPACE, path=path, revision=revision)
    with stream:
        return stream.read()


def _revisions(path: str) -> list[int]:
    return queries.file_revisions(namespace=NAMESPACE, path=path)


@pytest.mark.parametrize("path", ["scripts/main.py", "/scripts/main.py"])
def test_a_file_is_uploaded_with_its_folders(actor: Actor, path: str) -> None:
    _upload(actor, path, b"print()")

    assert _read("scripts/main.py") == b"print()"
    uri = "kestra:///company/team/_files/scripts/main.py"
    assert storage_of(tenant="main", namespace=NAMESPACE).read("main", uri) == b"print()"


def test_a_file_with_signs_in_its_name_keeps_them(actor: Actor) -> None:
    _upload(actor, "100% gut & schön/a#b?.txt", b"x")

    assert _read("100% gut & schön/a#b?.txt") == b"x"
    assert queries.search_files(namespace=NAMESPACE) == ["/100% gut & schön/a#b?.txt"]


@pytest.mark.parametrize("path", ["../x", "a/../../x", "a/%2e%2e/x", "a\0", "a//b", "a\\b"])
def test_a_path_out_of_the_namespace_is_refused(actor: Actor, path: str) -> None:
    with pytest.raises(AddressRefused):
        _upload(actor, path)
    with pytest.raises(AddressRefused):
        queries.open_file(namespace=NAMESPACE, path=path)
    with pytest.raises(AddressRefused):
        services.delete_file(actor=actor, namespace=NAMESPACE, path=path)
    with pytest.raises(AddressRefused):
        queries.directory_of(namespace=NAMESPACE, path=path)


@pytest.mark.parametrize("namespace", ["../other", "a..b", "a._files", ""])
def test_a_namespace_that_cannot_be_one_is_refused(actor: Actor, namespace: str) -> None:
    with pytest.raises(Invalid):
        services.upload_file(actor=actor, namespace=namespace, path="a", content=b"")


def test_an_empty_path_is_no_file(actor: Actor) -> None:
    with pytest.raises(Invalid):
        _upload(actor, "/")


def test_a_file_beyond_the_limit_is_refused(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.services.files.MAX_FILE_BYTES", 3)

    with pytest.raises(FileTooLarge):
        _upload(actor, "a", b"1234")

    assert queries.search_files(namespace=NAMESPACE) == []


def test_older_revisions_can_be_read(actor: Actor) -> None:
    for content in (b"one", b"two", b"three"):
        _upload(actor, "a.txt", content)

    assert _revisions("a.txt") == [1, 2, 3]
    assert [_read("a.txt", number) for number in (1, 2, 3)] == [b"one", b"two", b"three"]
    assert _read("a.txt") == b"three"
    with pytest.raises(RevisionNotFound):
        _read("a.txt", 4)


@pytest.mark.usefixtures("transactional_db")
def test_only_the_newest_revisions_are_kept(actor: Actor) -> None:
    for number in range(limits.KEPT_REVISIONS + 3):
        _upload(actor, "a.txt", b"%d" % number)

    kept = _revisions("a.txt")

    assert len(kept) == limits.KEPT_REVISIONS
    assert kept[-1] == limits.KEPT_REVISIONS + 3
    assert _read("a.txt", kept[0]) == b"3"
    with pytest.raises(RevisionNotFound):
        _read("a.txt", 1)


def test_a_file_that_was_there_before_its_revisions_were_counted_is_the_first(
    actor: Actor,
) -> None:
    uri = "kestra:///company/team/_files/a.txt"
    storage_of(tenant="main", namespace=NAMESPACE).put("main", uri, b"old")
    before = _revisions("a.txt")

    _upload(actor, "a.txt", b"new")

    assert before == [1]
    assert _read("a.txt", 1) == b"old"
    assert _read("a.txt", 2) == b"new"


def test_a_moved_file_takes_its_revisions_along(actor: Actor) -> None:
    _upload(actor, "a.txt", b"one")
    _upload(actor, "a.txt", b"two")

    services.move_file(actor=actor, namespace=NAMESPACE, source="/a.txt", target="dir/b.txt")

    assert _revisions("dir/b.txt") == [1, 2]
    assert _read("dir/b.txt", 1) == b"one"
    with pytest.raises(FileMissing):
        _read("a.txt")


def test_a_moved_folder_takes_all_along(actor: Actor) -> None:
    _upload(actor, "dir/a.txt", b"one")
    _upload(actor, "dir/a.txt", b"two")
    _upload(actor, "directory.txt", b"not in it")

    services.move_file(actor=actor, namespace=NAMESPACE, source="dir", target="new/place")

    assert queries.search_files(namespace=NAMESPACE) == ["/directory.txt", "/new/place/a.txt"]
    assert _read("new/place/a.txt", 1) == b"one"
    assert _revisions("directory.txt") == [1]


def test_nothing_is_moved_onto_something(actor: Actor) -> None:
    _upload(actor, "a.txt", b"a")
    _upload(actor, "b.txt", b"b")

    with pytest.raises(FileInTheWay):
        services.move_file(actor=actor, namespace=NAMESPACE, source="a.txt", target="b.txt")

    assert _read("b.txt") == b"b"


def test_a_file_is_not_uploaded_onto_a_folder(actor: Actor) -> None:
    _upload(actor, "dir/a.txt")

    with pytest.raises(FileInTheWay):
        _upload(actor, "dir")


def test_deleting_a_file_deletes_its_revisions(actor: Actor) -> None:
    _upload(actor, "a.txt", b"one")
    _upload(actor, "a.txt", b"two")

    assert services.delete_file(actor=actor, namespace=NAMESPACE, path="a.txt") is True
    assert services.delete_file(actor=actor, namespace=NAMESPACE, path="a.txt") is False

    _upload(actor, "a.txt", b"anew")
    assert _revisions("a.txt") == [1]


def test_deleting_a_folder_spares_its_neighbours(actor: Actor) -> None:
    for path in ("dir/a", "dir/b/c", "dir2/a"):
        _upload(actor, path)

    services.delete_file(actor=actor, namespace=NAMESPACE, path="/dir")

    assert queries.search_files(namespace=NAMESPACE) == ["/dir2/a"]
    assert FileRevision.objects.count() == 1


def test_deleting_the_root_empties_one_namespace(actor: Actor) -> None:
    _upload(actor, "a")
    services.upload_file(actor=actor, namespace="company", path="a", content=b"")

    services.delete_file(actor=actor, namespace=NAMESPACE, path="/")

    assert queries.search_files(namespace=NAMESPACE) == []
    assert queries.search_files(namespace="company") == ["/a"]


def test_a_folder_lists_what_lies_in_it(actor: Actor) -> None:
    _upload(actor, "dir/a.txt", b"123")
    services.make_directory(actor=actor, namespace=NAMESPACE, path="dir/empty")

    found = queries.directory_of(namespace=NAMESPACE, path="/dir/")

    assert [(item.name, item.is_directory, item.size) for item in found] == [
        ("a.txt", False, 3),
        ("empty", True, 0),
    ]


def test_the_root_of_an_unused_namespace_is_empty_and_a_missing_folder_missing() -> None:
    assert list(queries.directory_of(namespace="unused")) == []
    with pytest.raises(FileMissing):
        queries.directory_of(namespace="unused", path="dir")


def test_files_are_found_by_a_part_of_their_path(actor: Actor) -> None:
    for path in ("Scripts/main.py", "scripts/other.sql", "readme.md"):
        _upload(actor, path)

    assert queries.search_files(namespace=NAMESPACE, q="SCRIPT") == [
        "/Scripts/main.py",
        "/scripts/other.sql",
    ]


def test_an_export_is_an_archive_of_all_files(actor: Actor) -> None:
    _upload(actor, "dir/a.txt", b"one")
    _upload(actor, "b.txt", b"two")

    with queries.export_of(namespace=NAMESPACE) as archive:
        packed = zipfile.ZipFile(io.BytesIO(archive.read()))

    assert {name: packed.read(name) for name in packed.namelist()} == {
        "dir/a.txt": b"one",
        "b.txt": b"two",
    }


def test_attributes_tell_the_size(actor: Actor) -> None:
    _upload(actor, "a.txt", b"123")

    assert queries.file_attributes(namespace=NAMESPACE, path="a.txt").size == 3
    with pytest.raises(FileMissing):
        queries.file_attributes(namespace=NAMESPACE, path="b.txt")


def test_tenants_have_files_of_their_own(actor: Actor) -> None:
    _upload(actor, "a.txt")

    with tenant_scope("other"):
        assert queries.search_files(namespace=NAMESPACE) == []


def test_the_audit_log_tells_of_files_however_long_their_path(actor: Actor) -> None:
    path = "/".join(["d" * 100] * 6)
    _upload(actor, path)
    services.move_file(actor=actor, namespace=NAMESPACE, source=path, target="b")
    services.delete_file(actor=actor, namespace=NAMESPACE, path="b")

    entries = list(AuditEntry.objects.order_by("id"))

    assert [entry.type for entry in entries] == ["CREATE", "UPDATE", "DELETE"]
    assert entries[0].detail["path"] == path
    assert entries[1].detail["from"] == path


def test_an_upload_that_meets_another_counts_on(
    actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _upload(actor, "a.txt", b"one")
    from tenants.services import files

    record, calls = files._record, []

    def losing_at_first(*arguments: Any) -> FileRevision:
        calls.append(arguments)
        if len(calls) == 1:
            from django.db import IntegrityError

            raise IntegrityError("the number is taken")
        return record(*arguments)

    monkeypatch.setattr(files, "_record", losing_at_first)

    assert _upload(actor, "a.txt", b"two").revision == 2
