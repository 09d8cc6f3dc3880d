"""Server-sent events: frames, and the response that carries them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

from django.http import HttpRequest, StreamingHttpResponse

from common.errors import Forbidden, NotFound, Unauthorized
from rest.endpoints import enter
from rest.permissions import Permission

PROGRESS, END = "progress", "end"
KEEP_ALIVE = b": keep-alive\n\n"
KEEP_ALIVE_SECONDS = 15.0
RECHECK_SECONDS = 5.0


def frame(name: str, data: bytes = b"") -> bytes:
    """`data` is JSON on one line, or empty."""
    return b"id: " + name.encode() + b"\ndata: " + data + b"\n\n"


class EventStream(StreamingHttpResponse):
    """Not buffered by proxies."""

    def __init__(self, frames: AsyncIterator[bytes]) -> None:
        super().__init__(frames, content_type="text/event-stream")
        self["Cache-Control"] = "no-cache, no-transform"
        self["X-Accel-Buffering"] = "no"


class Pass:
    """Whether the follower may still follow: asked again every few seconds."""

    def __init__(self, request: HttpRequest, permission: Permission, namespace: str) -> None:
        self._request = request
        self._permission = permission
        self._namespace = namespace
        self._next = time.monotonic() + RECHECK_SECONDS

    @property
    def seconds_left(self) -> float:
        return max(0.0, self._next - time.monotonic())

    async def check(self) -> None:
        """Raises Unauthorized, Forbidden or NotFound."""
        await enter(self._request, self._permission, self._namespace)

    async def holds(self) -> bool:
        if self.seconds_left > 0:
            return True
        self._next = time.monotonic() + RECHECK_SECONDS
        try:
            await self.check()
        except (Unauthorized, Forbidden, NotFound):
            return False
        return True
