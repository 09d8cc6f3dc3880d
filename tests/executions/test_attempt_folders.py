"""Working folders of attempts: gone afterwards, whatever was done in them."""

import pytest

from executions.worker.attempt_folders import make_folder, remove_folder

LAYOUT = (".own/outputs", ".own/tmp")


@pytest.fixture
def parent(tmp_path):
    return tmp_path / "worker"


def all_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_folder_has_only_what_its_layout_says(parent):
    assert all_in(make_folder(parent, ())) == []
    assert all_in(make_folder(parent, LAYOUT)) == [".own", ".own/outputs", ".own/tmp"]


def test_two_attempts_never_have_the_same(parent):
    assert make_folder(parent, LAYOUT) != make_folder(parent, LAYOUT)


def replace_by_a_file(path):
    path.rmdir()
    path.write_text("x")


@pytest.mark.parametrize(
    "action",
    [
        lambda path: None,
        lambda path: (path / "file").write_text("x"),
        lambda path: (path / ".own" / "tmp" / "file").write_text("x"),
        lambda path: (path / ".own" / "outputs" / "file").write_text("x"),
        lambda path: (path / ".own" / "tmp").rmdir(),
        lambda path: replace_by_a_file(path / ".own" / "tmp"),
        lambda path: (path / "more" / "and" / "more").mkdir(parents=True),
    ],
)
def test_nothing_stays(parent, action):
    folder = make_folder(parent, LAYOUT)
    action(folder)

    remove_folder(folder, LAYOUT)

    assert list(parent.iterdir()) == []


def test_a_link_in_place_of_a_folder_is_not_followed(parent, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    folder = make_folder(parent, LAYOUT)
    (folder / ".own" / "tmp").rmdir()
    (folder / ".own" / "tmp").symlink_to(outside)

    remove_folder(folder, LAYOUT)

    assert not folder.exists()
    assert (outside / "kept").exists()
