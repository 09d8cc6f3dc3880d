"""Answers that are files: streamed in chunks by synchronous and asynchronous servers alike."""

import asyncio
import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from storage.streams import CHUNK, chunks_of

_IN_MEMORY = 1_048_576
"""Bytes; a longer table goes to a temporary file."""


class FileDownload(StreamingHttpResponse):
    """A stream as an attachment; closes it at the end, also when the client has gone."""

    def __init__(
        self,
        stream: IO[bytes],
        *,
        file_name: str,
        size: int | None = None,
        content_type: str = "application/octet-stream",
    ) -> None:
        super().__init__(chunks_of(stream), content_type=content_type)
        self._stream = stream
        self["Content-Disposition"] = content_disposition_header(True, file_name)
        self["X-Content-Type-Options"] = "nosniff"
        if size is not None:
            self["Content-Length"] = str(size)

    def close(self) -> None:
        super().close()
        self._stream.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await asyncio.to_thread(self._stream.read, CHUNK):
            yield chunk


def csv_download(
    columns: Sequence[str], lines: Iterable[Sequence[Any]], *, file_name: str
) -> FileDownload:
    """A table as RFC 4180 has it, in UTF-8. All of it is read before the answer begins, so that an
    error is answered as one."""
    stream = cast(IO[bytes], SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  # the answer closes it
    text = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(lines)
    text.detach()
    size = stream.tell()
    stream.seek(0)
    return FileDownload(stream, file_name=file_name, size=size, content_type="text/csv")
