"""Internal storage in memory: for tests, for trying things out and for authors of plugins.
Everything is gone with the process."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any, BinaryIO, ClassVar, Self

from common.clock import now
from storage.addresses import Address
from storage.contract import NO_METADATA, FileAttributes, FileKind, Storage
from storage.errors import AddressRefused, FileInTheWay, FileMissing


@dataclass(slots=True)
class _Entry:
    content: bytes | None  # None for a folder
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)


class MemoryStorage(Storage):
    """Files in a dictionary for each tenant, guarded by one lock."""

    type: ClassVar[str] = "memory"

    def __init__(self) -> None:
        self._tenants: dict[str, dict[Address, _Entry]] = {}
        self._lock = RLock()

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> Self:
        return cls()

    def _write(
        self, tenant: str, address: Address, chunks: Iterator[bytes], metadata: dict[str, str]
    ) -> None:
        content = b"".join(chunks)
        with self._lock:
            self._make_directory(tenant, address.parent)
            entries = self._entries(tenant)
            before = entries.get(address)
            if before is not None and before.content is None:
                raise FileInTheWay(f"{address} is a folder", uri=str(address))
            entries[address] = _Entry(content, metadata)
            if before is not None:
                entries[address].created = before.created

    def _open(self, tenant: str, address: Address) -> BinaryIO:
        with self._lock:
            entry = self._entries(tenant).get(address)
        if entry is None or entry.content is None:
            raise FileMissing(f"There is no file at {address}", uri=str(address))
        return io.BytesIO(entry.content)

    def _attributes(self, tenant: str, address: Address) -> FileAttributes | None:
        with self._lock:
            entry = self._entries(tenant).get(address)
        return _described(address, entry) if entry else None

    def _children(self, tenant: str, address: Address) -> list[FileAttributes] | None:
        with self._lock:
            entries = self._entries(tenant)
            folder = entries.get(address)
            if folder is None or folder.content is not None:
                return None
            return [
                _described(child, entry)
                for child, entry in entries.items()
                if child.segments and child.parent == address
            ]

    def _move(self, tenant: str, source: Address, target: Address) -> None:
        with self._lock:
            entries = self._entries(tenant)
            self._make_directory(tenant, target.parent)
            for address in [*entries]:
                if address == source or address.is_below(source):
                    moved = Address(target.segments + address.segments[len(source.segments) :])
                    entries[moved] = entries.pop(address)

    def _delete(self, tenant: str, address: Address) -> bool:
        with self._lock:
            entries = self._entries(tenant)
            entry = entries.get(address)
            if entry is None:
                return False
            if entry.content is None:
                raise AddressRefused(f"{address} is a folder, not a file", uri=str(address))
            del entries[address]
            return True

    def _delete_prefix(self, tenant: str, address: Address) -> int:
        with self._lock:
            entries = self._entries(tenant)
            doomed = [item for item in entries if item == address or item.is_below(address)]
            return sum(entries.pop(item).content is not None for item in doomed)

    def _make_directory(self, tenant: str, address: Address) -> None:
        with self._lock:
            entries = self._entries(tenant)
            for depth in range(1, len(address.segments) + 1):
                folder = Address(address.segments[:depth])
                if entries.setdefault(folder, _Entry(None)).content is not None:
                    raise FileInTheWay(f"{folder} is a file, not a folder", uri=str(folder))

    def _entries(self, tenant: str) -> dict[Address, _Entry]:
        entries = self._tenants.setdefault(tenant, {})
        entries.setdefault(Address(()), _Entry(None))
        return entries


def _described(address: Address, entry: _Entry) -> FileAttributes:
    return FileAttributes(
        uri=str(address),
        name=address.name,
        kind=FileKind.DIRECTORY if entry.content is None else FileKind.FILE,
        size=len(entry.content or b""),
        created=entry.created,
        modified=entry.modified,
        metadata=entry.metadata,
    )
