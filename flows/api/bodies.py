"""Bodies of requests about flows: sources as YAML or JSON, ids, uploads."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework.request import Request

from common.errors import BadRequest, Invalid, Violation
from common.yaml import dump_yaml, load_yaml
from flows.uploads import SourceFile, read_upload

MAX_IDS = 10_000
_ADDED = frozenset({"tenantId", "revision", "deleted", "draft", "updated", "source", "_links"})


def source_of(request: Request) -> str:
    """The source of the body, byte for byte; of JSON the YAML that says the same."""
    data = request.data
    if isinstance(data, str):
        return data
    if isinstance(data, Mapping):
        return source_of_object(data)
    if isinstance(data, list) and all(isinstance(item, Mapping) for item in data):
        return "---\n".join(source_of_object(item) for item in data)
    raise Invalid("the body must be the source of a flow in YAML, or a JSON object")


def source_of_object(flow: Mapping[str, Any]) -> str:
    """What the API adds to a flow is left out: a client that sends the object back does not mean
    it, and an old source beside changed tasks least of all."""
    kept = {key: value for key, value in flow.items() if key not in _ADDED and value is not None}
    if kept.get("disabled") is False:
        del kept["disabled"]
    return dump_yaml(kept)


def task_of(request: Request) -> Mapping[str, Any]:
    """A task, as YAML or JSON."""
    data = request.data
    value = load_yaml(data).value if isinstance(data, str) else data
    if not isinstance(value, Mapping):
        raise Invalid("the body must be a task in YAML, or a JSON object")
    return value


def flow_ids(data: Any) -> list[tuple[str, str]]:
    """IdWithNamespace[], without repetitions."""
    if not isinstance(data, list):
        raise Invalid("the body must be a list of objects with id and namespace")
    if len(data) > MAX_IDS:
        raise Invalid(f"at most {MAX_IDS} flows can be named at once")
    violations = [
        Violation("needs id and namespace, both texts", path=f"[{number}]")
        for number, item in enumerate(data)
        if not _is_id(item)
    ]
    if violations:
        raise Invalid(violations=violations)
    return list(dict.fromkeys((item["namespace"], item["id"]) for item in data))


def uploaded_files(request: Request) -> list[SourceFile]:
    """The part `fileUpload`."""
    upload = request.FILES.get("fileUpload")
    if upload is None:
        raise BadRequest("the multipart body has no part `fileUpload`")
    return read_upload(upload.name or "", upload.read())


def flag(request: Request, name: str, *, default: bool = False) -> bool:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if text.lower() not in {"true", "false"}:
        raise Invalid(f"{name}: '{text}' is neither true nor false")
    return text.lower() == "true"


def revision_of(request: Request) -> int | None:
    text = request.query_params.get("revision", "")
    return _number("revision", text) if text else None


def revisions_of(request: Request) -> Sequence[int]:
    """`revisions=1,2` or repeated."""
    texts = [part for text in request.query_params.getlist("revisions") for part in text.split(",")]
    if not any(texts):
        raise BadRequest("the query parameter `revisions` is missing")
    return [_number("revisions", text) for text in texts if text]


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < 2**31):
        raise Invalid(f"{name}: '{text[:40]}' is not a number from 1")
    return int(text)


def _is_id(item: Any) -> bool:
    return isinstance(item, Mapping) and all(
        isinstance(item.get(name), str) and item[name] for name in ("id", "namespace")
    )
