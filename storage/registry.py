"""Which kinds of internal storage there are: those of the entry-point group `kestra.storages`,
each of which names a `Storage` class, and the two that need nothing."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from storage.contract import Storage
from storage.errors import StorageMisconfigured
from storage.local import LocalStorage
from storage.memory import MemoryStorage

GROUP = "kestra.storages"
_BUILT_IN: Mapping[str, type[Storage]] = {
    LocalStorage.type: LocalStorage,
    MemoryStorage.type: MemoryStorage,
}


def open_storage(storage_type: str, configuration: Mapping[str, Any] | None = None) -> Storage:
    """A storage of that type. Raises StorageMisconfigured for an unknown type, a missing library
    or a setting that cannot be used."""
    return storage_class(storage_type).from_configuration(configuration or {})


def storage_class(storage_type: str) -> type[Storage]:
    built_in = _BUILT_IN.get(storage_type)
    if built_in is not None:
        return built_in
    entry = _installed().get(storage_type)
    if entry is None:
        known = ", ".join(storage_types())
        raise StorageMisconfigured(
            f"There is no internal storage of type '{storage_type}'; known types: {known}"
        )
    return _loaded(entry)


def storage_types() -> list[str]:
    return sorted({*_BUILT_IN, *_installed()})


@cache
def _installed() -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _loaded(entry: EntryPoint) -> type[Storage]:
    try:
        found = entry.load()
    except ImportError as error:
        raise StorageMisconfigured(
            f"Storage of type '{entry.name}' needs the Python package '{error.name}', "
            "which is not installed"
        ) from error
    if not (isinstance(found, type) and issubclass(found, Storage)):
        raise StorageMisconfigured(f"'{entry.value}' is not a class of internal storage")
    return found
