"""Which files an expression may read: namespace files by path, and those of the own execution –
or of the one that triggered it – by `kestra:///` address."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from common.errors import Forbidden
from expressions.errors import ExpressionError
from expressions.filters.text import make_slug

_SCHEME = "kestra://"


class FileNotOwned(ExpressionError, Forbidden):
    """The file belongs to another execution."""


def is_storage_uri(path: str) -> bool:
    return path.startswith(_SCHEME)


def check_file_access(uri: str, scope: Mapping[str, Any]) -> None:
    """Raises unless `uri` is the path of a namespace file, or the address of a file of the
    execution in `scope` or of the one that its `trigger` names."""
    if ".." in unquote(uri).replace("\\", "/").split("/"):
        raise ExpressionError("a path must not hold '..'")
    if not is_storage_uri(uri):
        if "://" in uri:
            raise ExpressionError("only kestra:/// addresses and namespace files can be read")
        return
    if not any(_is_below(uri, folder) for folder in _own_folders(scope)):
        raise FileNotOwned(
            "the file does not belong to this execution, nor to the one that triggered it"
        )


def _is_below(uri: str, folder: str) -> bool:
    return uri.startswith(f"{_SCHEME}{folder}") and len(uri) > len(_SCHEME) + len(folder)


def _own_folders(scope: Mapping[str, Any]) -> list[str]:
    flow, execution = _map(scope, "flow"), _map(scope, "execution")
    trigger = _map(scope, "trigger")
    places = (
        (flow.get("namespace"), flow.get("id"), execution.get("id")),
        (trigger.get("namespace"), trigger.get("flowId"), trigger.get("executionId")),
    )
    return [
        f"/{namespace.replace('.', '/')}/{make_slug(flow_id)}/executions/{execution_id}/"
        for namespace, flow_id, execution_id in places
        if isinstance(namespace, str) and isinstance(flow_id, str) and _is_id(execution_id)
    ]


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _map(scope: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = scope.get(name)
    return value if isinstance(value, Mapping) else {}


def namespace_file_uri(path: str, scope: Mapping[str, Any]) -> str:
    if "../" in path or path == ".." or path.endswith("/.."):
        raise ExpressionError("a path must not hold '../'")
    namespace = _map(scope, "flow").get("namespace")
    if not isinstance(namespace, str):
        raise ExpressionError("fileURI needs the namespace of a flow")
    return f"{_SCHEME}/{namespace.replace('.', '/')}/_files/{path.removeprefix('/')}"
