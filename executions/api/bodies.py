"""Bodies and parameters of calls that start executions: inputs in whatever form a client sends
them, labels, dates; lists of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError

from common.clock import from_iso
from common.errors import BadRequest, Invalid, Violation
from executions.api.access import positive
from executions.choices import ExecutionKind
from executions.services import StartRequest, Upload
from flows.schema import FlowDocument
from rest.rendering import read_json

MAX_STARTS = 10_000
MAX_IDS = 10_000
_FORMS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})

Labels = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SentInputs:
    """`values` by input id, `uploads` as (name of the part, name of the file, content)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Sequence[tuple[str, str, Upload]] = ()

    def files(self, document: FlowDocument) -> dict[str, Upload]:
        """By input: the part's name if the flow declares such an input, else the file's."""
        return {
            part if document.input_by_id(part) else name: upload
            for part, name, upload in self.uploads
        }


def read_inputs(request: HttpRequest) -> SentInputs:
    """From a form, a JSON object, or nothing at all."""
    content_type = (request.content_type or "").lower()
    if content_type in _FORMS:
        return _form_inputs(request)
    if content_type == "application/json" or content_type.endswith("+json"):
        body = read_json(request.body)
        if not isinstance(body, dict):
            raise Invalid("the body must be a JSON object of inputs, or a multipart form")
        return SentInputs(body)
    return SentInputs()


def _form_inputs(request: HttpRequest) -> SentInputs:
    try:
        values = dict(request.POST.items())
        uploads = [
            (part, upload.name or "", upload)
            for part, found in request.FILES.lists()
            for upload in found
        ]
    except MultiPartParserError as error:
        raise BadRequest(f"the multipart body cannot be read: {error}") from error
    return SentInputs(values, uploads)


def start_request(
    query: QueryDict, namespace: str, flow_id: str, sent: SentInputs, document: FlowDocument
) -> StartRequest:
    """What the address, the query and the body say together."""
    values, files = dict(sent.values), {}
    for name, upload in sent.files(document).items():
        declared = document.input_by_id(name)
        if declared is not None and declared.type != "FILE":
            values[name] = _text_of(name, upload)
        else:
            files[name] = upload
    return StartRequest(
        namespace=namespace,
        flow_id=flow_id,
        revision=positive(query, "revision"),
        inputs=values,
        files=files,
        labels=read_labels(query.getlist("labels")),
        schedule_date=read_date(query.get("scheduleDate") or "", "scheduleDate"),
        kind=read_kind(query.get("kind") or ""),
    )


def _text_of(name: str, upload: Upload) -> str:
    """Some clients send bytes for inputs that are no files."""
    try:
        return str(upload.read(), "utf-8")
    except UnicodeDecodeError as error:
        violation = Violation("it is no file, and what was sent is not UTF-8", f"inputs.{name}")
        raise Invalid(violations=[violation]) from error


def read_labels(texts: Sequence[str]) -> Labels:
    """`key:value`; only the first colon separates."""
    labels = []
    for text in texts:
        key, colon, value = text.partition(":")
        if not colon or not key or not value:
            raise Invalid(f"labels: '{text[:80]}' is not of the form key:value")
        labels.append((key, value))
    return labels


def read_label_list(data: Any) -> Labels:
    """`[{"key", "value"}]`, or a map."""
    if isinstance(data, Mapping):
        data = [{"key": key, "value": value} for key, value in data.items()]
    if not isinstance(data, list) or not all(_is_label(item) for item in data):
        raise Invalid("labels: a list of objects with `key` and `value`, both texts, is needed")
    return [(item["key"], item["value"]) for item in data]


def _is_label(item: Any) -> bool:
    return isinstance(item, Mapping) and all(
        isinstance(item.get(name), str) for name in ("key", "value")
    )


def read_date(text: str, name: str) -> datetime | None:
    """ISO 8601. A plus sign that was not escaped arrives as a blank."""
    if not text:
        return None
    try:
        return from_iso(text.strip().replace(" ", "+"))
    except ValueError as error:
        raise Invalid(f"{name}: '{text[:60]}' is not an ISO 8601 instant") from error


def read_kind(text: str) -> str:
    kind = {"": "NORMAL", "DEFAULT": "NORMAL"}.get(text.upper(), text.upper())
    if kind not in ExecutionKind.values:
        raise Invalid(f"kind: '{text[:40]}' is unknown; known: {', '.join(ExecutionKind.values)}")
    return kind


def read_starts(data: Any) -> list[StartRequest | Invalid]:
    """The list of a bulk call; an item that cannot be read becomes its error."""
    if not isinstance(data, list):
        raise Invalid("the body must be a list of objects with namespace and flowId")
    if len(data) > MAX_STARTS:
        raise Invalid(f"at most {MAX_STARTS} executions can be started at once")
    return [_start_or_error(item) for item in data]


def _start_or_error(item: Any) -> StartRequest | Invalid:
    try:
        return _read_start(item)
    except Invalid as error:
        return error


def _read_start(item: Any) -> StartRequest:
    if not isinstance(item, Mapping):
        raise Invalid("an object with namespace and flowId is needed")
    namespace, flow_id, inputs = item.get("namespace"), item.get("flowId"), item.get("inputs")
    if not isinstance(namespace, str) or not isinstance(flow_id, str):
        raise Invalid("namespace and flowId are needed, both texts")
    revision = item.get("revision")
    if revision is not None and (not isinstance(revision, int) or isinstance(revision, bool)):
        raise Invalid("revision: a whole number is needed")
    if inputs is not None and not isinstance(inputs, Mapping):
        raise Invalid("inputs: an object is needed")
    return StartRequest(
        namespace=namespace,
        flow_id=flow_id,
        revision=revision,
        inputs=inputs or {},
        labels=read_label_list(item.get("labels") or []),
        schedule_date=read_date(str(item.get("scheduleDate") or ""), "scheduleDate"),
    )


def read_ids(data: Any) -> list[str]:
    """string[], without repetitions."""
    if not isinstance(data, list) or not all(isinstance(item, str) for item in data):
        raise Invalid("the body must be a list of ids of executions")
    if len(data) > MAX_IDS:
        raise Invalid(f"at most {MAX_IDS} executions can be named at once")
    return list(dict.fromkeys(data))
