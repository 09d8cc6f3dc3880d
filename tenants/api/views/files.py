"""Namespace files: `{T}/namespaces/{namespace}/files`."""

from typing import Any, ClassVar

from django.http import QueryDict
from django.http.response import HttpResponseBase
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import BadRequest, Invalid
from rest.views import ApiView
from tenants import queries, services
from tenants.api import described
from tenants.api.downloads import FileDownload
from tenants.api.serializers import file_shape

_PART = "fileContent"


class FilesView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW", "post": "UPDATE", "put": "UPDATE", "delete": "DELETE"}
    operation_ids: ClassVar = {
        "get": "getFileContent",
        "post": "createNamespaceFile",
        "put": "moveFileDirectory",
        "delete": "deleteFileDirectory",
    }
    parser_classes = (MultiPartParser,)

    @described.file_answered
    def get(self, request: Request, namespace: str, **_: Any) -> HttpResponseBase:
        stream, found = queries.open_file(
            namespace=namespace,
            path=_needed(request.query_params, "path"),
            revision=_revision(request.query_params),
        )
        name = request.query_params["path"].rsplit("/", 1)[-1]
        return FileDownload(stream, file_name=name, size=found.size)

    @described.file_uploaded
    def post(self, request: Request, namespace: str, **_: Any) -> Response:
        path = _needed(request.query_params, "path")
        content = request.data.get(_PART) if isinstance(request.data, QueryDict) else None
        if content is None:
            raise BadRequest(f"The multipart body has no part '{_PART}' with the file")
        services.upload_file(
            actor=self.actor,
            namespace=namespace,
            path=path,
            content=content.encode() if isinstance(content, str) else content,
        )
        return Response()

    @described.file_moved
    def put(self, request: Request, namespace: str, **_: Any) -> Response:
        services.move_file(
            actor=self.actor,
            namespace=namespace,
            source=_needed(request.query_params, "from"),
            target=_needed(request.query_params, "to"),
        )
        return Response()

    @described.file_deleted
    def delete(self, request: Request, namespace: str, **_: Any) -> Response:
        path = _needed(request.query_params, "path")
        services.delete_file(actor=self.actor, namespace=namespace, path=path)
        return Response()


class DirectoryView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW", "post": "UPDATE"}
    operation_ids: ClassVar = {
        "get": "listNamespaceDirectoryFiles",
        "post": "createNamespaceDirectory",
    }

    @described.folder_listed
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        path = request.query_params.get("path", "")
        return Response(
            [file_shape(file) for file in queries.directory_of(namespace=namespace, path=path)]
        )

    @described.folder_made
    def post(self, request: Request, namespace: str, **_: Any) -> Response:
        path = _needed(request.query_params, "path")
        services.make_directory(actor=self.actor, namespace=namespace, path=path)
        return Response()


class FileExportView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "exportNamespaceFiles"}

    @described.files_exported
    def get(self, request: Request, namespace: str, **_: Any) -> HttpResponseBase:
        archive = queries.export_of(namespace=namespace)
        return FileDownload(archive, file_name=f"{namespace}_files.zip")


class FileRevisionsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getFileRevisions"}

    @described.revisions_listed
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        path = _needed(request.query_params, "path")
        numbers = queries.file_revisions(namespace=namespace, path=path)
        return Response([{"revision": number} for number in numbers])


class FileSearchView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "searchNamespaceFiles"}

    @described.files_found
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        q = request.query_params.get("q", "")
        return Response(queries.search_files(namespace=namespace, q=q))


class FileStatsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"get": "VIEW"}
    operation_ids: ClassVar = {"get": "getFileMetadatas"}

    @described.file_described
    def get(self, request: Request, namespace: str, **_: Any) -> Response:
        path = request.query_params.get("path", "")
        return Response(file_shape(queries.file_attributes(namespace=namespace, path=path)))


def _needed(query: QueryDict, name: str) -> str:
    if name not in query:
        raise BadRequest(f"The query parameter '{name}' is missing")
    return query.get(name) or ""


def _revision(query: QueryDict) -> int | None:
    text = query.get("revision", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(f"revision: '{text[:40]}' is not a number from 1")
    return int(text)
