"""The contract of internal storage. Callers use the public methods; a backend implements those
that begin with an underscore and is handed checked addresses only."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, BinaryIO, ClassVar, Self

from storage.addresses import Address, check_tenant
from storage.errors import AddressRefused, FileInTheWay, FileMissing
from storage.streams import CHUNK, Content, chunks_of, limited

NO_METADATA: Mapping[str, str] = MappingProxyType({})


class FileKind(StrEnum):
    FILE = "File"
    DIRECTORY = "Directory"


@dataclass(frozen=True, slots=True)
class FileAttributes:
    """What is known of a stored file or folder without reading it."""

    uri: str
    name: str
    kind: FileKind
    size: int
    created: datetime
    modified: datetime
    metadata: Mapping[str, str] = field(default_factory=lambda: NO_METADATA)

    @property
    def is_directory(self) -> bool:
        return self.kind is FileKind.DIRECTORY


class Storage(ABC):
    """Files under `kestra:///` addresses, apart for each tenant.

    A file is there whole or not at all: a `put` that fails leaves what was there before. Folders
    come with their first file; one that was emptied may stay. All methods may be called from any
    thread. Errors are those of `storage.errors`."""

    type: ClassVar[str]

    @classmethod
    @abstractmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> Self:
        """Raises StorageMisconfigured."""

    def put(
        self,
        tenant: str,
        uri: str | Address,
        content: Content,
        *,
        metadata: Mapping[str, str] = NO_METADATA,
        limit: int | None = None,
    ) -> str:
        """Store `content` (bytes, a binary stream or an iterable of chunks) in place of what was
        there; gives the address as text. Raises FileTooLarge beyond `limit` bytes."""
        address = _file(tenant, uri)
        self._write(tenant, address, limited(chunks_of(content), limit), dict(metadata))
        return str(address)

    def get(self, tenant: str, uri: str | Address) -> BinaryIO:
        """The file as a stream, to be closed by the caller. Raises FileMissing."""
        return self._open(tenant, _file(tenant, uri))

    def read(self, tenant: str, uri: str | Address, *, limit: int | None = None) -> bytes:
        """The whole file in memory. Raises FileTooLarge beyond `limit` bytes."""
        with self.get(tenant, uri) as stream:
            return b"".join(limited(chunks_of(stream), limit))

    async def stream(
        self, tenant: str, uri: str | Address, *, chunk_size: int = CHUNK
    ) -> AsyncIterator[bytes]:
        """The file in chunks, read off the event loop."""
        source = await asyncio.to_thread(self.get, tenant, uri)
        try:
            while chunk := await asyncio.to_thread(source.read, chunk_size):
                yield chunk
        finally:
            await asyncio.to_thread(source.close)

    def attributes(self, tenant: str, uri: str | Address) -> FileAttributes:
        """Raises FileMissing."""
        address = _checked(tenant, uri)
        found = self._attributes(tenant, address)
        if found is None:
            raise FileMissing(f"There is no file at {address}", uri=str(address))
        return found

    def size(self, tenant: str, uri: str | Address) -> int:
        """Bytes of a file. Raises FileMissing, also for a folder."""
        found = self.attributes(tenant, _file(tenant, uri))
        if found.is_directory:
            raise FileMissing(f"{found.uri} is a folder, not a file", uri=found.uri)
        return found.size

    def exists(self, tenant: str, uri: str | Address) -> bool:
        """Whether a file or folder is there."""
        return self._attributes(tenant, _checked(tenant, uri)) is not None

    def list(self, tenant: str, uri: str | Address) -> Sequence[FileAttributes]:
        """What lies directly in a folder, by name. Raises FileMissing."""
        address = _checked(tenant, uri)
        children = self._children(tenant, address)
        if children is None:
            raise FileMissing(f"There is no folder at {address}", uri=str(address))
        return sorted(children, key=lambda child: child.name)

    def walk(self, tenant: str, uri: str | Address) -> Iterator[FileAttributes]:
        """Everything below a folder at any depth, folders before what they hold; nothing if the
        folder is not there."""
        return self._walk(tenant, _checked(tenant, uri))

    def move(self, tenant: str, source: str | Address, target: str | Address) -> str:
        """Move a file or a folder; gives the new address. Raises FileMissing, and FileInTheWay if
        the target is taken."""
        origin, goal = _file(tenant, source), _file(tenant, target)
        if goal == origin or goal.is_below(origin):
            raise AddressRefused(f"{origin} cannot be moved into itself", uri=str(goal))
        self.attributes(tenant, origin)
        if self._attributes(tenant, goal) is not None:
            raise FileInTheWay(f"There is already something at {goal}", uri=str(goal))
        self._move(tenant, origin, goal)
        return str(goal)

    def delete(self, tenant: str, uri: str | Address) -> bool:
        """Delete one file; whether there was one. Raises AddressRefused for a folder."""
        return self._delete(tenant, _file(tenant, uri))

    def delete_prefix(self, tenant: str, uri: str | Address) -> int:
        """Delete a folder with all below it, or a single file; the number of files deleted."""
        return self._delete_prefix(tenant, _checked(tenant, uri))

    def make_directory(self, tenant: str, uri: str | Address) -> str:
        """Make a folder and its parents; one that exists is left as it is."""
        address = _checked(tenant, uri)
        self._make_directory(tenant, address)
        return str(address)

    @abstractmethod
    def _write(
        self, tenant: str, address: Address, chunks: Iterator[bytes], metadata: dict[str, str]
    ) -> None: ...

    @abstractmethod
    def _open(self, tenant: str, address: Address) -> BinaryIO: ...

    @abstractmethod
    def _attributes(self, tenant: str, address: Address) -> FileAttributes | None: ...

    @abstractmethod
    def _children(self, tenant: str, address: Address) -> Sequence[FileAttributes] | None: ...

    @abstractmethod
    def _move(self, tenant: str, source: Address, target: Address) -> None: ...

    @abstractmethod
    def _delete(self, tenant: str, address: Address) -> bool: ...

    @abstractmethod
    def _delete_prefix(self, tenant: str, address: Address) -> int: ...

    @abstractmethod
    def _make_directory(self, tenant: str, address: Address) -> None: ...

    def _walk(self, tenant: str, address: Address) -> Iterator[FileAttributes]:
        """Level by level; a backend that can list a prefix at once does better."""
        for child in sorted(self._children(tenant, address) or [], key=lambda item: item.name):
            yield child
            if child.is_directory:
                yield from self._walk(tenant, address.child(child.name))


def _checked(tenant: str, uri: str | Address) -> Address:
    check_tenant(tenant)
    return uri if isinstance(uri, Address) else Address.parse(uri)


def _file(tenant: str, uri: str | Address) -> Address:
    address = _checked(tenant, uri)
    if address.is_root:
        raise AddressRefused(f"{address} names no file")
    return address
