"""Starting executions: the hot endpoints, async with orjson."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import DataError
from django.http import HttpRequest

from common.actor import Actor
from common.errors import Forbidden, KestraError
from common.ids import new_id
from common.tenancy import current_tenant
from executions.api.access import flag, positive
from executions.api.bodies import read_inputs, read_starts, start_request
from executions.api.serializers import created_shape, page_url
from executions.errors import FlowDisabled
from executions.executor.model import Head
from executions.queries.details import ExecutionDetail, read_detail
from executions.queries.outputs import with_stored_outputs
from executions.rendering import render_input
from executions.services import StartRequest, start_execution, start_executions
from executions.streaming.waiting import detail_at_rest, watch_new
from flows.api.serializers import flow_shape
from flows.cache import compiled_flow
from flows.inputs import ResolvedInput, resolve_inputs
from flows.queries import StoredFlow, assumed_flow, get_flow
from rbac.queries import visible_namespaces
from rest.endpoints import Operation, endpoint
from rest.gate import actor_of
from rest.rendering import compact, read_json
from rest.threads import in_database_thread

_FORM: dict[str, Any] = {
    "content": {"multipart/form-data": {"schema": {"type": "object"}}},
    "description": "One part for each input; a file is the part of its input's id, or any part "
    "whose file name is that id",
}
_LIST: dict[str, Any] = {
    "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}
}


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "schema": schema, "description": description}


_PARAMETERS = (
    _parameter("labels", {"type": "array", "items": {"type": "string"}}, "key:value, repeatable"),
    _parameter("wait", {"type": "boolean"}, "Answer when the execution has ended or paused"),
    _parameter("revision", {"type": "integer"}, "Default: the latest"),
    _parameter("scheduleDate", {"type": "string", "format": "date-time"}, "Start not before"),
    _parameter("kind", {"type": "string"}, "NORMAL, TEST or PLAYGROUND"),
)


@endpoint(
    "FLOW",
    "EXECUTE",
    methods=["POST"],
    operation=Operation(
        "createExecution",
        "Start an execution of a flow",
        tags=("Executions",),
        request=_FORM,
        parameters=_PARAMETERS,
    ),
)
async def create_execution(
    request: HttpRequest,
    namespace: str,
    id: str,  # noqa: A002  # the API's word
    **_: Any,
) -> dict[str, Any]:
    execution_id = new_id()
    is_awaited = flag(request.GET, "wait")
    start = partial(_start, request, namespace, id, execution_id, is_awaited)
    if not is_awaited:
        return created_shape(ExecutionDetail(await in_database_thread(start)))
    with watch_new(execution_id) as watch:
        head = await in_database_thread(start)
        detail = await detail_at_rest(watch, partial(_detail, head))
    return created_shape(detail)


def _start(
    request: HttpRequest, namespace: str, flow_id: str, execution_id: str, is_awaited: bool
) -> Head:
    sent, actor, tenant = read_inputs(request), actor_of(request), current_tenant()

    def start(flow: StoredFlow, *, is_assumed: bool = False) -> Head:
        document = compiled_flow(tenant, namespace, flow_id, flow.revision)
        found = start_request(request.GET, namespace, flow_id, sent, document)
        wanted = replace(found, execution_id=execution_id, is_awaited=is_awaited)
        return start_execution(
            actor=actor, tenant=tenant, request=wanted, flow=flow, is_assumed=is_assumed
        )

    revision = positive(request.GET, "revision")
    assumed = assumed_flow(tenant, namespace, flow_id)
    if assumed is not None and revision is None and not sent.uploads:
        # whatever is wrong with what was assumed, the flow as it is now decides
        with suppress(KestraError, DataError):
            return start(assumed, is_assumed=True)
    return start(get_flow(tenant, namespace, flow_id, revision))


def _detail(head: Head) -> ExecutionDetail:
    return with_stored_outputs(read_detail(head.id, head.created_at))


@endpoint(
    "FLOW",
    "EXECUTE",
    methods=["POST"],
    operation=Operation(
        "validateNewExecutionInputs",
        "What would become of the inputs",
        tags=("Executions",),
        request=_FORM,
        parameters=_PARAMETERS,
    ),
)
async def validate_execution(
    request: HttpRequest,
    namespace: str,
    id: str,  # noqa: A002  # the API's word
    **_: Any,
) -> list[dict[str, Any]]:
    return await in_database_thread(_validate, request, current_tenant(), namespace, id)


def _validate(
    request: HttpRequest, tenant: str, namespace: str, flow_id: str
) -> list[dict[str, Any]]:
    sent = read_inputs(request)
    flow = get_flow(tenant, namespace, flow_id, positive(request.GET, "revision"))
    if flow.is_disabled:
        raise FlowDisabled
    document = compiled_flow(tenant, namespace, flow_id, flow.revision)
    wanted = start_request(request.GET, namespace, flow_id, sent, document)
    resolved = resolve_inputs(document, wanted.inputs, render=render_input, files=wanted.files)
    declared = flow_shape(flow).get("inputs", [])
    shapes = [_resolved_shape(shape, item) for shape, item in zip(declared, resolved, strict=True)]
    return [{"id": flow_id, "namespace": namespace, "inputs": shapes, "checks": []}]


def _resolved_shape(declared: dict[str, Any], item: ResolvedInput) -> dict[str, Any]:
    return compact(
        {
            "input": declared,
            "value": None if item.input.type == "SECRET" else item.value,
            "enabled": item.is_enabled,
            "isDefault": item.is_default,
            "errors": [{"message": message} for message in item.errors],
        }
    )


@endpoint(
    "FLOW",
    "EXECUTE",
    methods=["POST"],
    operation=Operation(
        "createExecutions",
        "Start many executions in one transaction",
        tags=("Executions",),
        request=_LIST,
    ),
)
async def create_executions_in_bulk(request: HttpRequest, **_: Any) -> list[dict[str, Any]]:
    """For each item `{id, url}` or `{error}`, in the same order."""
    return await in_database_thread(_start_many, request.body, actor_of(request), current_tenant())


def _start_many(body: bytes, actor: Actor, tenant: str) -> list[dict[str, Any]]:
    reach = visible_namespaces(actor, "FLOW", "EXECUTE", tenant)
    answers: list[Head | KestraError | None] = []
    wanted: list[StartRequest] = []
    for item in read_starts(read_json(body)):
        if isinstance(item, KestraError):
            answers.append(item)
        elif not reach.covers(item.namespace):
            answers.append(Forbidden(f"this needs FLOW:EXECUTE in namespace '{item.namespace}'"))
        else:
            wanted.append(item)
            answers.append(None)
    started = iter(start_executions(actor=actor, tenant=tenant, requests=wanted))
    return [_bulk_shape(next(started) if each is None else each) for each in answers]


def _bulk_shape(answer: Head | KestraError) -> dict[str, Any]:
    if isinstance(answer, Head):
        return {"id": answer.id, "url": page_url(answer)}
    return {"error": str(answer)}
