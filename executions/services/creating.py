"""New executions: from what a caller sends to rows and requests to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from audit.choices import AuditType
from common.actor import Actor
from common.errors import Invalid, KestraError
from common.ids import new_id
from executions.confidential import encrypt_value
from executions.creation import CORRELATION, new_head
from executions.errors import FlowDisabled
from executions.executor.events import Created
from executions.executor.model import Head
from executions.rendering import render_input
from executions.requests import write_requests
from executions.services.requesting import request_row
from executions.services.trail import record_act
from flows.cache import compiled_flow
from flows.inputs import type_inputs
from flows.queries import StoredFlow, confirm_latest, get_flow
from flows.schema import FlowDocument, Input
from rest.statements import last_round_trip
from storage import layout
from tenants.storages import storage_of

Upload: TypeAlias = "UploadedFile[bytes]"

_RESERVED = "system."


@dataclass(frozen=True, slots=True)
class StartRequest:
    """What somebody asks to be executed. `files` are uploads by input id."""

    namespace: str
    flow_id: str
    revision: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    labels: Sequence[tuple[str, str]] = ()
    schedule_date: datetime | None = None
    kind: str = "NORMAL"
    execution_id: str | None = None
    """Where the caller must know it beforehand: a new one, by `new_id()`."""
    is_awaited: bool = False
    """The caller waits for the end, and is told it with the execution."""


@transaction.atomic
def create_executions(
    *,
    actor: Actor,
    heads: Sequence[Head],
    assumed: StoredFlow | None = None,
    is_awaited: bool = False,
) -> None:
    """Writes new executions, made by `creation.new_head`, and lets the engine start them. Fails
    (DataError) where `assumed` is not the latest revision of its flow."""
    with last_round_trip():
        if assumed is not None:
            confirm_latest(assumed)
        acts = [(head.id, head) for head in heads]
        record_act(actor=actor, type=AuditType.CREATE, executions=acts)
        requests = [request_row(head.id, Created(is_awaited)) for head in heads]
        write_requests(heads=heads, inbox=requests)


def start_execution(
    *,
    actor: Actor,
    tenant: str,
    request: StartRequest,
    flow: StoredFlow | None = None,
    is_assumed: bool = False,
) -> Head:
    """`flow` saves the look-up; with `is_assumed` it comes from `assumed_flow`, and DataError says
    that it has changed. Raises FlowNotFound, RevisionNotFound, FlowDisabled, and Invalid for
    inputs and labels."""
    found = flow or get_flow(tenant, request.namespace, request.flow_id, request.revision)
    head = _new_head(found, tenant, request)
    create_executions(
        actor=actor,
        heads=[head],
        assumed=found if is_assumed else None,
        is_awaited=request.is_awaited,
    )
    return head


def start_executions(
    *, actor: Actor, tenant: str, requests: Sequence[StartRequest]
) -> list[Head | KestraError]:
    """All that can be started, in one transaction; for each of the others its error."""
    flows: dict[tuple[str, str, int | None], StoredFlow | KestraError] = {}
    answers: list[Head | KestraError] = []
    for request in requests:
        key = (request.namespace, request.flow_id, request.revision)
        if key not in flows:
            flows[key] = _flow_or_error(tenant, *key)
        flow = flows[key]
        if isinstance(flow, KestraError):
            answers.append(flow)
            continue
        try:
            answers.append(_new_head(flow, tenant, request))
        except KestraError as error:
            answers.append(error)
    heads = [answer for answer in answers if isinstance(answer, Head)]
    if heads:
        create_executions(actor=actor, heads=heads)
    return answers


def _flow_or_error(
    tenant: str, namespace: str, flow_id: str, revision: int | None
) -> StoredFlow | KestraError:
    try:
        return get_flow(tenant, namespace, flow_id, revision)
    except KestraError as error:
        return error


def _new_head(flow: StoredFlow, tenant: str, request: StartRequest) -> Head:
    if flow.is_disabled:
        raise FlowDisabled
    check_labels(request.labels, allowed=(CORRELATION,))
    document = compiled_flow(tenant, flow.namespace, flow.id, flow.revision)
    execution_id = request.execution_id or new_id()
    return new_head(
        document,
        tenant=tenant,
        revision=flow.revision,
        inputs=_typed_inputs(document, tenant, execution_id, request),
        labels=request.labels,
        schedule_date=request.schedule_date,
        execution_id=execution_id,
        kind=request.kind,
    )


def check_labels(labels: Sequence[tuple[str, str]], *, allowed: Sequence[str] = ()) -> None:
    """Raises Invalid for empty ones and for those that only the system gives."""
    for key, value in labels:
        if not key or not value:
            raise Invalid("labels: a label needs a key and a value")
        if key.startswith(_RESERVED) and key not in allowed:
            raise Invalid(f"labels: '{key}' is reserved: only the system gives labels of 'system.'")


def _typed_inputs(
    document: FlowDocument, tenant: str, execution_id: str, request: StartRequest
) -> dict[str, Any]:
    store = partial(store_input_file, document, tenant, execution_id)
    try:
        return type_inputs(
            document,
            request.inputs,
            render=render_input,
            files=request.files,
            store_file=store,
            encrypt=encrypt_value,
        )
    except KestraError:
        if request.files:
            forget_input_files(document, tenant, execution_id)
        raise


def store_input_file(
    document: FlowDocument, tenant: str, execution_id: str, item: Input, upload: Upload
) -> str:
    """Gives the address. Raises ValueError for an empty upload."""
    if not upload.size:
        raise ValueError("the file is empty")
    address = layout.input_file(
        document.namespace, document.id, execution_id, item.id, upload.name or item.id
    )
    upload.seek(0)
    storage = storage_of(tenant=tenant, namespace=document.namespace)
    return storage.put(tenant, address, upload)


def forget_input_files(document: FlowDocument, tenant: str, execution_id: str) -> None:
    """Of an execution that was refused."""
    folder = layout.execution_folder(document.namespace, document.id, execution_id)
    storage_of(tenant=tenant, namespace=document.namespace).delete_prefix(tenant, folder)
