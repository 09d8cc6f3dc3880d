"""Addresses `executions/{a}/{b}`: a POST is an action of the execution `{a}` if there is one and
`{b}` names an action, or if there is no flow `{b}` in the namespace `{a}`; else it starts that."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path

from common.ids import ID_LENGTH
from executions.api.creation import create_execution
from executions.queries.details import present_executions
from flows.queries import existing_ids
from rest.endpoints import by_method
from rest.permissions import declarations_of_route
from rest.threads import in_database_thread

_ID = re.compile(rf"[0-9A-Za-z]{{20,{ID_LENGTH}}}")

View = Callable[..., Any]
Answer = Callable[..., Awaitable[HttpResponseBase]]


def below_execution(name: str, *, post: View | None = None, **views: View) -> URLPattern:
    """The address `executions/{execution_id}/{name}` with a view for each method; `post` is an
    action, by a DRF view."""
    views["post"] = _action_or_start(name, post) if post else _start(name)
    made: URLPattern = path(f"executions/<str:execution_id>/{name}", by_method(**views))
    return made


def _start(name: str) -> View:
    async def answer(request: HttpRequest, execution_id: str, **kwargs: Any) -> HttpResponseBase:
        return await create_execution(request, namespace=execution_id, id=name, **kwargs)

    return _declared_like(answer, create_execution)


def _action_or_start(name: str, action: View) -> View:
    async def answer(request: HttpRequest, execution_id: str, **kwargs: Any) -> HttpResponseBase:
        if await in_database_thread(_is_action, execution_id, name):
            run = sync_to_async(action, thread_sensitive=True)
            return cast(HttpResponseBase, await run(request, execution_id=execution_id, **kwargs))
        return await create_execution(request, namespace=execution_id, id=name, **kwargs)

    return _declared_like(answer, action)


def _is_action(text: str, name: str) -> bool:
    """Also where there is neither: then the action says which execution is not there."""
    if _ID.fullmatch(text) and present_executions().filter(public_id=text).exists():
        return True
    return not existing_ids([(text, name)])


def _declared_like(answer: Answer, view: View) -> View:
    """With what `rest.permissions` and `rest.openapi` read of a view."""
    declared = dict(declarations_of_route(view))["POST"]
    made = cast(Any, answer)
    made.declared, made.methods = declared, ("POST",)
    made.described_by = view
    return cast(View, answer)
