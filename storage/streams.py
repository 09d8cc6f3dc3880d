"""Content on its way into storage: chunks, and the limit on them."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from storage.errors import FileTooLarge

CHUNK = 256 * 1024


@runtime_checkable
class Readable(Protocol):
    """Anything with `read(size) -> bytes`: an open file, an upload, a response body."""

    def read(self, size: int = -1, /) -> bytes: ...


Content = bytes | bytearray | memoryview | Readable | Iterable[bytes]


def chunks_of(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes | bytearray | memoryview):
        yield bytes(content)
    elif isinstance(content, Readable):
        while chunk := content.read(CHUNK):
            yield chunk
    else:
        yield from content


def limited(chunks: Iterator[bytes], limit: int | None) -> Iterator[bytes]:
    """The same chunks; raises FileTooLarge as soon as they pass `limit` bytes."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if limit is not None and total > limit:
            raise FileTooLarge(f"The file is larger than the limit of {limit} bytes", limit=limit)
        yield chunk
