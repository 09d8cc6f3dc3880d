"""Files of an execution: download, size, preview."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import BadRequest
from executions.api.access import ExecutionApiView, needed, positive
from executions.models import Execution
from executions.queries.files import ExecutionFile, file_of
from executions.queries.previews import preview_of
from tenants.api.downloads import FileDownload


class _FileView(ExecutionApiView):
    actions: ClassVar = {"get": "ACCESS_FILES"}
    tail: ClassVar[str] = ""

    def answer(self, request: Request, file: ExecutionFile) -> HttpResponseBase:
        raise NotImplementedError

    def get(self, request: Request, execution_id: str, **_: Any) -> HttpResponseBase:
        execution = self.execution(execution_id)
        file = file_of(execution, needed(request.query_params, "path"))
        if file.execution.public_id != execution.public_id:
            return self._redirect(request, file.execution)
        return self.answer(request, file)

    def _redirect(self, request: Request, owner: Execution) -> HttpResponseBase:
        query = urlencode(list(request.query_params.items()))
        base = f"/api/v1/{self.tenant}/executions/{owner.public_id}/file{self.tail}"
        return HttpResponseRedirect(f"{base}?{query}")


class FileView(_FileView):
    operation_ids: ClassVar = {"get": "downloadFileFromExecution"}

    def answer(self, request: Request, file: ExecutionFile) -> HttpResponseBase:
        found = file.attributes()
        return FileDownload(file.open(), file_name=found.name, size=found.size)


class FileMetasView(_FileView):
    operation_ids: ClassVar = {"get": "getFileMetadatasFromExecution"}
    tail = "/metas"

    def answer(self, request: Request, file: ExecutionFile) -> HttpResponseBase:
        return Response({"size": file.attributes().size})


class FilePreviewView(_FileView):
    operation_ids: ClassVar = {"get": "previewFileFromExecution"}
    tail = "/preview"

    def answer(self, request: Request, file: ExecutionFile) -> HttpResponseBase:
        query = request.query_params
        rows = positive(query, "maxRows")
        if rows is None:
            raise BadRequest("the query parameter `maxRows` is missing")
        return Response(preview_of(file, max_rows=rows, encoding=query.get("encoding") or "UTF-8"))
