import errno
import os
import stat
import time
from pathlib import Path

import pytest

from storage.errors import (
    AddressRefused,
    FileMissing,
    StorageFull,
    StorageMisconfigured,
    StorageUnavailable,
)
from storage.local import METADATA_SUFFIX, LocalStorage


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "storage")


def _refuse_to_flush(number: int) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_plainly_and_leaves_nothing_behind(
    storage: LocalStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _refuse_to_flush)

    with pytest.raises(StorageFull) as caught:
        storage.put("main", "kestra:///a/b", b"1")

    assert "full" in str(caught.value)
    assert list((tmp_path / "storage" / "_work").iterdir()) == []
    assert not storage.exists("main", "kestra:///a/b")


def test_an_error_of_the_disk_is_unavailable(
    storage: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(number: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(StorageUnavailable):
        storage.put("main", "kestra:///a/b", b"1")


def test_a_symbolic_link_is_not_followed(storage: LocalStorage, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    storage.make_directory("main", "kestra:///a")
    folder = tmp_path / "storage" / "main" / "a"
    (folder / "link").symlink_to(outside)
    (folder / "file").symlink_to(outside / "secret")

    with pytest.raises(AddressRefused):
        storage.get("main", "kestra:///a/link/secret")
    with pytest.raises(AddressRefused):
        storage.get("main", "kestra:///a/file")
    with pytest.raises(AddressRefused):
        storage.put("main", "kestra:///a/link/new", b"1")
    assert storage.list("main", "kestra:///a") == []


def test_a_named_pipe_is_not_a_file(storage: LocalStorage, tmp_path: Path) -> None:
    storage.make_directory("main", "kestra:///a")
    os.mkfifo(tmp_path / "storage" / "main" / "a" / "pipe")

    with pytest.raises(FileMissing):
        storage.get("main", "kestra:///a/pipe")


def test_files_are_for_their_owner_only(storage: LocalStorage, tmp_path: Path) -> None:
    storage.put("main", "kestra:///a", b"1")

    mode = (tmp_path / "storage" / "main" / "a").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_the_name_of_a_metadata_file_is_reserved(storage: LocalStorage) -> None:
    with pytest.raises(AddressRefused):
        storage.put("main", f"kestra:///a{METADATA_SUFFIX}", b"1")


def test_what_a_dead_process_left_is_swept_at_the_next_start(tmp_path: Path) -> None:
    LocalStorage(tmp_path)
    work = tmp_path / "_work"
    for name, age in (("old", 2 * 86_400), ("new", 0)):
        (work / name).write_text("half a file")
        os.utime(work / name, (time.time() - age,) * 2)
    (work / "old-folder").mkdir()
    os.utime(work / "old-folder", (0, 0))

    LocalStorage(tmp_path)

    assert [path.name for path in work.iterdir()] == ["new"]


def test_all_is_still_there_after_a_restart(tmp_path: Path) -> None:
    LocalStorage(tmp_path).put("main", "kestra:///a", b"1", metadata={"k": "v"})

    again = LocalStorage(tmp_path)

    assert again.read("main", "kestra:///a") == b"1"
    assert again.attributes("main", "kestra:///a").metadata == {"k": "v"}


@pytest.mark.parametrize("key", ["base-path", "basePath", "base_path"])
def test_configuration_names_the_folder(tmp_path: Path, key: str) -> None:
    storage = LocalStorage.from_configuration({key: str(tmp_path / "files"), "unknown": 1})

    storage.put("main", "kestra:///a", b"1")

    assert (tmp_path / "files" / "main" / "a").read_bytes() == b"1"


def test_configuration_without_a_folder_says_what_is_missing() -> None:
    with pytest.raises(StorageMisconfigured, match="base-path"):
        LocalStorage.from_configuration({})


def test_a_folder_that_cannot_be_made_is_misconfigured(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StorageMisconfigured):
        LocalStorage(tmp_path / "file" / "storage")
