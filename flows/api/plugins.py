"""The types that flows can name, out of the registry: `/api/v1/plugins` and the older
`{T}/plugins`."""

from base64 import b64decode
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from flows.api.bodies import flag
from flows.api.icons import group_icon, type_icon
from flows.flow_schema import input_schema, input_types, schema_of
from plugins.documentation import document, list_packages
from plugins.registry import installed_registry
from rest.pagination import MAXIMUM_SIZE, paginate_list
from rest.permissions import SIGNED_IN
from rest.views import ApiView

_SORT: Mapping[str, Any] = {
    "name": lambda item: item["name"],
    "title": lambda item: item["title"],
    "group": lambda item: item["group"],
}


class PluginsView(ApiView):
    """A list, or a page of it where the query asks for one."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "listPlugins"}
    is_always_paged: ClassVar[bool] = True

    def get(self, request: Request, **_: Any) -> Response:
        query = request.query_params.copy()
        is_paged = self.is_always_paged or "page" in query or "size" in query
        packages = _packages()
        wanted = query.get("q") or query.get("filters[q][EQUALS]") or ""
        if wanted:
            packages = [item for item in packages if wanted.lower() in str(item).lower()]
        if not is_paged:
            return Response(packages)
        if "size" not in query:
            query["size"] = str(MAXIMUM_SIZE)
        return Response(paginate_list(packages, query, keys=_SORT))


class TenantPluginsView(PluginsView):
    """The 0.20 form: a bare list unless a page is asked for."""

    is_always_paged = False


class SubgroupsView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginBySubgroups"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(list_packages(installed_registry(), by_group=True))


class IconsView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginIcons"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(_icons())


class GroupIconsView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginGroupIcons"}

    def get(self, request: Request, **_: Any) -> Response:
        groups = {name.rpartition(".")[0] for name in installed_registry().names()}
        return Response({group: group_icon(group) for group in sorted(groups)})


class IconView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginIcon"}

    def get(self, request: Request, cls: str, **_: Any) -> Response:
        return Response({"icon": type_icon(installed_registry().get(cls))})


class SvgView(ApiView):
    """The drawing alone, for an <img>."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginIconSvg"}
    response_shapes: ClassVar = {"get": {(200, "image/svg+xml"): OpenApiTypes.STR}}

    def get(self, request: Request, cls: str, **_: Any) -> HttpResponse:
        drawing = b64decode(type_icon(installed_registry().get(cls))["icon"])
        return HttpResponse(drawing, content_type="image/svg+xml")


class InputTypesView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getAllInputTypes"}

    def get(self, request: Request, **_: Any) -> Response:
        return Response(
            [{"type": name, "cls": found.__name__} for name, found in input_types().items()]
        )


class InputTypeView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getSchemaFromInputType"}

    def get(self, request: Request, type: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        schema = input_schema(type)
        return Response({"markdown": f"# {type.upper()}\n", "schema": schema})


class PropertiesView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPropertiesFromType"}

    def get(self, request: Request, type: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        schema = schema_of(type)
        name = schema.get("$ref", "").rpartition("/")[2]
        return Response(schema["definitions"].get(name, {}).get("properties", {}))


class SchemasView(ApiView):
    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getSchemasFromType"}

    def get(self, request: Request, type: str, **_: Any) -> Response:  # noqa: A002  # the API's word
        return Response(schema_of(type, array_of=flag(request, "arrayOf")))


class PluginView(ApiView):
    """The page and the schema of one type, under its name or an older one."""

    resource = SIGNED_IN
    operation_ids: ClassVar = {"get": "getPluginDocumentation"}

    def get(self, request: Request, cls: str, **_: Any) -> Response:
        found = installed_registry().get(cls)
        return Response(document(found, with_common=flag(request, "all")).to_map())


@cache
def _packages() -> list[dict[str, Any]]:
    return list_packages(installed_registry())


@cache
def _icons() -> dict[str, dict[str, Any]]:
    return {found.type_name: type_icon(found) for found in installed_registry().all()}
