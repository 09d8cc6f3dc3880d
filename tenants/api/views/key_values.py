"""Keys: `{T}/kv` and `{T}/namespaces/{namespace}/kv`."""

from collections.abc import Mapping
from datetime import timedelta
from typing import IO, Any, ClassVar, cast

from rest_framework.request import Request
from rest_framework.response import Response

from common.durations import parse_duration
from common.errors import Invalid
from rest.pagination import paginate
from rest.rendering import BytesParser
from rest.views import ApiView
from tenants import queries, services
from tenants.api import described
from tenants.api.filters import KEY_SORT, KeyFilters
from tenants.api.serializers import KeysBody, key_shape, value_shape
from tenants.api.visible import may, visible_rows
from tenants.limits import MAX_VALUE_BYTES
from tenants.values import parse_body


class ValueParser(BytesParser):
    """No more of the body than shows that it is too large."""

    def parse(self, stream: IO[bytes], *_: Any, **__: Any) -> bytes:  # type: ignore[override]  # a value is no map
        return stream.read(MAX_VALUE_BYTES + 1)


class AllKeysView(ApiView):
    resource = "KVSTORE"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listAllKeys"}

    @described.keys_page
    def get(self, request: Request, **_: Any) -> Response:
        rows = KeyFilters.apply(queries.listed_keys(), request.query_params)
        rows = visible_rows(self, rows)
        page = paginate(
            rows,
            request.query_params,
            shape=key_shape,
            columns=KEY_SORT,
            default=("namespace", "key"),
        )
        return Response(page)


class KeysView(ApiView):
    resource = "KVSTORE"
    actions: ClassVar = {"get": "LIST", "delete": "DELETE"}
    operation_ids: ClassVar = {"get": "listKeys", "delete": "deleteKeyValues"}

    @described.keys_listed
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        return Response([key_shape(row) for row in queries.keys_of(namespace=namespace)])

    @described.keys_deleted
    def delete(self, request: Request, namespace: str, **_: Any) -> Response:
        body = KeysBody.read(request.data)
        deleted = services.delete_keys(actor=self.actor, namespace=namespace, keys=body.keys)
        return Response({"keys": deleted})


class InheritedKeysView(ApiView):
    resource = "KVSTORE"
    actions: ClassVar = {"get": "LIST"}
    operation_ids: ClassVar = {"get": "listKeysWithInheritence"}

    @described.keys_listed
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        rows = queries.inherited_keys(namespace=namespace)
        visible = [row for row in rows if may(self, "LIST", namespace=row.namespace)]
        return Response([key_shape(row) for row in visible])


class KeyView(ApiView):
    resource = "KVSTORE"
    actions: ClassVar = {"get": "VIEW", "put": ["CREATE", "UPDATE"], "delete": "DELETE"}
    operation_ids: ClassVar = {
        "get": "getKeyValue",
        "put": "setKeyValue",
        "delete": "deleteKeyValue",
    }
    parser_classes = (ValueParser,)

    @described.value_answered
    def get(self, request: Request, namespace: str, key: str, **_: Any) -> Response:
        return Response(value_shape(queries.get_key(namespace=namespace, key=key)))

    @described.value_put
    def put(self, request: Request, namespace: str, key: str, **_: Any) -> Response:
        is_there = queries.has_key(namespace=namespace, key=key)
        self.require("UPDATE" if is_there else "CREATE", namespace=namespace)
        services.set_key(
            actor=self.actor,
            namespace=namespace,
            key=key,
            value=parse_body(cast(bytes, request.data or b"")),
            ttl=_time_to_live(request.headers),
            description=request.headers.get("description"),
        )
        return Response()

    @described.key_deleted
    def delete(self, request: Request, namespace: str, key: str, **_: Any) -> Response:
        return Response(services.delete_key(actor=self.actor, namespace=namespace, key=key))


def _time_to_live(headers: Mapping[str, str]) -> timedelta | None:
    text = headers.get("ttl", "").strip()
    if not text:
        return None
    try:
        return parse_duration(text)
    except ValueError as error:
        raise Invalid(f"Header ttl: {error}") from error
