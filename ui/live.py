"""The socket of an execution's page. It says what has changed, never the whole execution: the page
fetches its parts again, and islands take the task runs that come along.

    {"changed": ["state", "tasks", "logs"], "state": "RUNNING", "runs": [...], "settled": false}

Where `tasks` have changed and no runs come along, all of them are to be fetched again.
It closes with 1000 when nothing will change any more, with 4401, 4403 or 4404 and a reason when its
opener may not look, or may not look any longer."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from channels.consumer import get_handler_name
from channels.generic.websocket import AsyncWebsocketConsumer

from common.errors import Forbidden, KestraError, NotFound, Unauthorized
from common.tenancy import tenant_scope
from rest.permissions import declare
from rest.threads import in_database_thread
from ui.executions.shown import execution_at
from ui.live_access import credentials_of_socket, is_from_our_pages, require_on_socket
from ui.live_feed import EVERYTHING, follow

log = logging.getLogger("kestra.live")

RECHECK_SECONDS = 5.0
SETTLED, FAULT = 1000, 1011
_CODES: dict[type[KestraError], int] = {Unauthorized: 4401, Forbidden: 4403, NotFound: 4404}
_FOLLOW = declare("EXECUTION", "FOLLOW")
_LONGEST_REASON = 120
"""A close frame has room for 123 bytes."""


class ExecutionSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # it has no types
    channel_layer_alias = None  # one process tells itself: no layer
    _work: asyncio.Task[None] | None = None

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Without Channels' look after connections, which would start a thread for each message:
        database threads look after their own."""
        await getattr(self, get_handler_name(message))(message)

    async def connect(self) -> None:
        """Accepted before it is judged: a browser learns reasons of open sockets only."""
        await self.accept()
        self._work = asyncio.create_task(self._serve())

    async def disconnect(self, code: int) -> None:
        if self._work is not None:
            self._work.cancel()

    async def _serve(self) -> None:
        try:
            await self._require()
            await self._require_execution()
            await self._pass_on()
        except (Unauthorized, Forbidden, NotFound) as error:
            code = next(code for kind, code in _CODES.items() if isinstance(error, kind))
            await self._close(code, str(error))
        except Exception:
            log.exception("live: the feed of an execution has failed")
            await self._close(FAULT, "the server has failed")
        else:
            await self._close(SETTLED, "settled")

    async def _pass_on(self) -> None:
        """Until the execution is settled. Raises what the check of the permission raises."""
        route = self._route
        async with follow(route["tenant"], route["execution_id"]) as messages:
            await self.send(text_data=EVERYTHING.decode())  # what happened while the page loaded
            check_at = time.monotonic() + RECHECK_SECONDS
            while True:
                try:
                    left = max(0.0, check_at - time.monotonic())
                    message = await asyncio.wait_for(messages.get(), left)
                except TimeoutError:
                    await self._require()
                    check_at = time.monotonic() + RECHECK_SECONDS
                    continue
                if message is None:
                    return
                if isinstance(message, Exception):
                    raise message
                await self.send(text_data=message.decode())

    async def _require(self) -> None:
        if not is_from_our_pages(self.scope):
            raise Forbidden("this socket is for pages of this server")
        await require_on_socket(
            credentials_of_socket(self.scope),
            _FOLLOW,
            tenant=self._route["tenant"],
            namespace=self._route["namespace"],
        )

    async def _require_execution(self) -> None:
        route: dict[str, Any] = self._route
        with tenant_scope(route["tenant"]):
            await in_database_thread(
                execution_at, route["namespace"], route["flow_id"], route["execution_id"]
            )

    @property
    def _route(self) -> dict[str, Any]:
        found: dict[str, Any] = self.scope["url_route"]["kwargs"]
        return found

    async def _close(self, code: int, reason: str) -> None:
        short = reason.encode()[:_LONGEST_REASON].decode("utf-8", "ignore")
        await self.close(code=code, reason=short)
