"""The handler of HTTP: answers, refusals, clients that leave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from kestra_site.http import HttpHandler
from rest.endpoints import endpoint
from rest.permissions import OPEN

closed: list[str] = []


class Told(HttpResponse):
    def close(self) -> None:
        closed.append("told")
        super().close()


def plain(request: HttpRequest) -> HttpResponse:
    return Told(request.body)


async def endless(request: HttpRequest) -> StreamingHttpResponse:
    async def lines() -> AsyncIterator[bytes]:
        try:
            yield b"first"
            await asyncio.Event().wait()
        finally:
            closed.append("lines")

    return StreamingHttpResponse(lines())


async def waits(request: HttpRequest) -> HttpResponse:
    try:
        await asyncio.Event().wait()
    finally:
        closed.append("view")
    return HttpResponse()


@endpoint(OPEN)
async def made(request: HttpRequest) -> dict[str, Any]:
    return {"a": 1}


urlpatterns = [
    path("plain", plain),
    path("endless", endless),
    path("waits", waits),
    path("made", made),
]


class Client:
    """Sends one request; `leave` is how the connection ends."""

    def __init__(self, address: str, body: bytes = b"") -> None:
        self.scope = {
            "type": "http",
            "method": "POST" if body else "GET",
            "path": address,
            "query_string": b"",
            "headers": [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(body))],
        }
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.incoming.put_nowait({"type": "http.request", "body": body})
        self.sent: list[dict[str, Any]] = []
        self.on_body: Callable[[], None] = lambda: None

    def leave(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})

    async def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)
        if message.get("body"):
            self.on_body()

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.sent)


def exchange(client: Client, while_waiting: Callable[[], None] = lambda: None) -> None:
    async def run() -> None:
        handled = asyncio.create_task(HttpHandler()(client.scope, client.incoming.get, client.send))
        asyncio.get_running_loop().call_soon(while_waiting)
        async with asyncio.timeout(30):
            await handled

    closed.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        asyncio.run(run())


def test_a_body_is_read_and_an_answer_sent_and_closed() -> None:
    client = Client("/plain", b"hello")

    exchange(client)

    assert client.sent[0]["status"] == 200
    assert client.body == b"hello"
    assert closed == ["told"]


def test_an_endpoint_is_answered_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a thread was asked for")

    monkeypatch.setattr("kestra_site.http.sync_to_async", refuse)
    client = Client("/made")

    exchange(client)

    assert client.body == b'{"a":1}'


def test_a_client_that_leaves_ends_its_stream() -> None:
    client = Client("/endless")
    client.on_body = client.leave

    exchange(client)

    assert client.body == b"first"
    assert closed == ["lines"]


def test_a_client_that_leaves_ends_the_wait_for_it() -> None:
    client = Client("/waits")

    exchange(client, while_waiting=client.leave)

    assert client.sent == []
    assert closed == ["view"]


def test_a_request_that_breaks_off_is_forgotten() -> None:
    client = Client("/plain")
    client.incoming.get_nowait()
    client.leave()

    exchange(client)

    assert client.sent == []
