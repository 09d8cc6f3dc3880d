"""What the OpenAPI document says about the bodies and answers of this app."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from tenants.api.serializers import AutocompleteBody, KeysBody, NamespaceBody, TenantBody

Shape = dict[str, Any]

_TEXT: Shape = {"type": "string"}
_INSTANT: Shape = {"type": "string", "format": "date-time"}
_WHOLE: Shape = {"type": "integer"}


def _object(**properties: Shape) -> Shape:
    return {"type": "object", "properties": properties}


def _list(items: Shape) -> Shape:
    return {"type": "array", "items": items}


def _page(items: Shape) -> Shape:
    return _object(results=_list(items), total=_WHOLE)


def _query(name: str, *, is_required: bool = False) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, required=is_required)


_KEY = _object(
    namespace=_TEXT,
    key=_TEXT,
    revision=_WHOLE,
    description=_TEXT,
    creationDate=_INSTANT,
    updateDate=_INSTANT,
    expirationDate=_INSTANT,
)
_FILE = _object(
    fileName=_TEXT,
    lastModifiedTime=_WHOLE,
    creationTime=_WHOLE,
    type={"type": "string", "enum": ["File", "Directory"]},
    size=_WHOLE,
)
_ANYTHING: Shape = {}
_PAGING = [OpenApiParameter(name, OpenApiTypes.INT) for name in ("page", "size")] + [
    _query("sort"),
    _query("q"),
    _query("filters"),
]
_PATH, _NEEDED_PATH = _query("path"), _query("path", is_required=True)
_BINARY = {(200, "application/octet-stream"): OpenApiTypes.BINARY}

tenant_changed = extend_schema(request=TenantBody, responses=TenantBody)
tenant_answered = extend_schema(responses=TenantBody)
tenants_page = extend_schema(parameters=_PAGING, responses={200: _page(_object(id=_TEXT))})
namespace_changed = extend_schema(request=NamespaceBody, responses=NamespaceBody)
namespace_answered = extend_schema(responses=NamespaceBody)
namespaces_page = extend_schema(
    parameters=[*_PAGING, _query("existing")], responses={200: _page(_object(id=_TEXT))}
)
names_completed = extend_schema(request=AutocompleteBody, responses={200: _list(_TEXT)})
variables_answered = extend_schema(
    responses={200: {"type": "object", "additionalProperties": {"type": "object"}}}
)
deleted = extend_schema(responses={204: None})
keys_page = extend_schema(parameters=[*_PAGING, _query("namespace")], responses={200: _page(_KEY)})
keys_listed = extend_schema(responses={200: _list(_KEY)})
keys_deleted = extend_schema(request=KeysBody, responses={200: _object(keys=_list(_TEXT))})
value_answered = extend_schema(
    responses={200: _object(type=_TEXT, value=_ANYTHING, revision=_WHOLE, updated=_INSTANT)}
)
value_put = extend_schema(
    parameters=[
        OpenApiParameter(name, OpenApiTypes.STR, OpenApiParameter.HEADER)
        for name in ("ttl", "description")
    ],
    request={"text/plain": OpenApiTypes.STR, "application/json": OpenApiTypes.ANY},
    responses={200: None},
)
key_deleted = extend_schema(responses={200: {"type": "boolean"}})
file_answered = extend_schema(
    parameters=[_NEEDED_PATH, OpenApiParameter("revision", OpenApiTypes.INT)], responses=_BINARY
)
file_uploaded = extend_schema(
    parameters=[_NEEDED_PATH],
    request={"multipart/form-data": _object(fileContent={"type": "string", "format": "binary"})},
    responses={200: None},
)
file_moved = extend_schema(
    parameters=[_query("from", is_required=True), _query("to", is_required=True)],
    request=None,
    responses={200: None},
)
file_deleted = extend_schema(parameters=[_NEEDED_PATH], responses={200: None})
folder_listed = extend_schema(parameters=[_PATH], responses={200: _list(_FILE)})
folder_made = extend_schema(parameters=[_NEEDED_PATH], request=None, responses={200: None})
files_exported = extend_schema(responses=_BINARY)
revisions_listed = extend_schema(
    parameters=[_NEEDED_PATH], responses={200: _list(_object(revision=_WHOLE))}
)
files_found = extend_schema(parameters=[_query("q")], responses={200: _list(_TEXT)})
file_described = extend_schema(parameters=[_PATH], responses={200: _FILE})
