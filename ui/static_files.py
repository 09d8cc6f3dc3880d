"""Static files, by WhiteNoise, as an ASGI application of its own. WhiteNoise's middleware knows
requests of the synchronous kind only: every call of the API would pay for it with a thread."""

import asyncio
import re
from functools import cache
from typing import Any

from django.conf import settings

STATIC_PREFIX = "/static/"
_HASHED = re.compile(r"/ui/assets/.+-[\w-]{8}\.\w+$")
_A_DAY = 86_400
_HEADERS_ASKED = {
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"if-modified-since": "HTTP_IF_MODIFIED_SINCE",
    b"if-none-match": "HTTP_IF_NONE_MATCH",
    b"range": "HTTP_RANGE",
}


async def serve_static(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Files whose names hold a hash may be kept for ever. Anything else is 404."""
    asked = {
        _HEADERS_ASKED[name]: value.decode("latin-1")
        for name, value in scope["headers"]
        if name in _HEADERS_ASKED
    }
    known = await asyncio.to_thread(_files)
    file = known.get(scope["path"])
    if file is None:
        await _answer(send, 404, [("Content-Type", "text/plain; charset=utf-8")], b"Not Found")
        return
    response = file.get_response(scope["method"], asked)
    body = b""
    if response.file is not None:
        with response.file:
            body = await asyncio.to_thread(response.file.read)
    await _answer(send, int(response.status), list(response.headers), body)


async def _answer(send: Any, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    safe = [*headers, ("X-Content-Type-Options", "nosniff")]
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in safe]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


@cache
def _files() -> dict[str, Any]:
    """By address. Read once: what is built later needs a new start."""
    from whitenoise import WhiteNoise  # with the first page

    def is_immutable(path: str, url: str) -> bool:
        return _HASHED.search(url) is not None

    noise = WhiteNoise(None, max_age=_A_DAY, immutable_file_test=is_immutable)
    noise.add_files(str(settings.KESTRA_STATIC_FOLDER), prefix=STATIC_PREFIX)
    return dict(noise.files)
