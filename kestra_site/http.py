"""Django's handler of HTTP, without the threads that it starts for every request."""

import asyncio
from contextlib import closing, suppress
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from rest.endpoints import is_threadless


class HttpHandler(ASGIHandler):
    """Django tells in a thread that a request begins and that it is over, so that connections to
    the database are looked after there. A thread that a view gets is new, and what an endpoint
    made without one has nothing to look after."""

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            set_script_prefix(get_script_prefix(scope))
            request, refusal = self.create_request(scope, body)
            if request is None:
                await self.send_response(cast(HttpResponse, refusal), send)
                return
            response = await self._answer(request, receive, send)
            if response is None:
                return
            if is_threadless(response):
                response.close()
            else:
                await sync_to_async(response.close)()

    async def _answer(
        self, request: HttpRequest, receive: Any, send: Any
    ) -> HttpResponseBase | None:
        """None: the client has left before there was one."""
        answering = asyncio.create_task(self._respond(request, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            leaving.cancel()
        try:
            return await answering
        except asyncio.CancelledError:
            return None
        finally:
            await asyncio.gather(leaving, return_exceptions=True)

    async def _respond(self, request: HttpRequest, send: Any) -> HttpResponseBase:
        response: HttpResponseBase = await self.run_get_response(request)
        with suppress(asyncio.CancelledError):  # the client has left
            await self.send_response(response, send)
        return response
