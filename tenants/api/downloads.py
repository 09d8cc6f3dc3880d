"""Answers that are files: streamed in chunks by synchronous and asynchronous servers alike."""

import asyncio
from collections.abc import AsyncIterator
from typing import IO

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from storage.streams import CHUNK, chunks_of


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
