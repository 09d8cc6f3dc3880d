from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from storage import registry
from storage.errors import StorageMisconfigured
from storage.local import LocalStorage
from storage.memory import MemoryStorage


def _install(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    entry = EntryPoint(name=name, value=value, group=registry.GROUP)
    monkeypatch.setattr(registry, "_installed", lambda: {name: entry})


def test_built_in_types_open_without_an_entry_point(tmp_path: Path) -> None:
    local = registry.open_storage("local", {"base-path": tmp_path})
    memory = registry.open_storage("memory")

    assert isinstance(local, LocalStorage)
    assert isinstance(memory, MemoryStorage)


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(StorageMisconfigured, match="local, memory"):
        registry.open_storage("tape")


def test_a_type_of_another_package_is_found_by_its_entry_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _install(monkeypatch, "mine", "storage.memory:MemoryStorage")

    assert isinstance(registry.open_storage("mine"), MemoryStorage)
    assert "mine" in registry.storage_types()


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, "cloud", "a_library_nobody_has:Cloud")

    with pytest.raises(StorageMisconfigured, match="a_library_nobody_has"):
        registry.open_storage("cloud")


def test_an_entry_point_that_is_no_storage_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    _install(monkeypatch, "odd", "storage.addresses:Address")

    with pytest.raises(StorageMisconfigured, match="Address"):
        registry.open_storage("odd")
