"""Many executions at once, by their ids or by a query: kill, label, delete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import Invalid
from common.ids import new_id
from executions import services
from executions.api.access import ExecutionApiView, flag, require_on_all, visible_executions
from executions.api.bodies import Labels, read_ids, read_label_list
from executions.api.filters import ExecutionFilters
from executions.errors import BulkRefused
from executions.queries.details import executions_by_ids
from plugins.contracts.state import TERMINAL


class _BulkView(ExecutionApiView):
    """By ids all or none: an unknown id, or one in the wrong state, is 400 and nothing happens. By
    a query those that are in the right state."""

    action_word: ClassVar[str]

    def act(self, request: Request, ids: list[str]) -> int:
        raise NotImplementedError

    def is_fit(self, request: Request, state: str) -> bool:
        raise NotImplementedError

    def by_ids(self, request: Request, ids: list[str]) -> Response:
        require_on_all(self.actor, self.action_word, executions_by_ids(ids))
        try:
            count = self.act(request, ids)
        except BulkRefused as error:
            return _refusal(error)
        return _count(count)

    def by_query(self, request: Request) -> Response:
        rows = visible_executions(self.actor, self.action_word)
        found = ExecutionFilters.apply(rows, request.query_params)
        pairs = found.values_list("public_id", "state")
        ids = [each for each, state in pairs if self.is_fit(request, state)]
        return _count(self.act(request, ids))


class _Kills(_BulkView):
    action_word = "KILL"
    actions: ClassVar = {"delete": "KILL"}

    def act(self, request: Request, ids: list[str]) -> int:
        return services.kill_executions(actor=self.actor, ids=ids)

    def is_fit(self, request: Request, state: str) -> bool:
        return state not in TERMINAL


class KillByIdsView(_Kills):
    operation_ids: ClassVar = {"delete": "killExecutionsByIds"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request, read_ids(request.data))


class KillByQueryView(_Kills):
    operation_ids: ClassVar = {"delete": "killExecutionsByQuery"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


class _Deletes(_BulkView):
    action_word = "DELETE"
    actions: ClassVar = {"delete": "DELETE"}

    def act(self, request: Request, ids: list[str]) -> int:
        return services.delete_executions(
            actor=self.actor,
            ids=ids,
            scope=deletion_scope(request),
            include_running=_include_running(request),
        )

    def is_fit(self, request: Request, state: str) -> bool:
        return state in TERMINAL or _include_running(request)


class DeleteByIdsView(_Deletes):
    operation_ids: ClassVar = {"delete": "deleteExecutionsByIds"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request, read_ids(request.data))


class DeleteByQueryView(_Deletes):
    operation_ids: ClassVar = {"delete": "deleteExecutionsByQuery"}

    def delete(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


class _Labels(_BulkView):
    action_word = "CHANGE_LABELS"
    actions: ClassVar = {"post": "CHANGE_LABELS"}

    def labels(self, request: Request) -> Labels:
        raise NotImplementedError

    def act(self, request: Request, ids: list[str]) -> int:
        labels = self.labels(request)
        return services.set_labels_on_many(actor=self.actor, ids=ids, labels=labels)

    def is_fit(self, request: Request, state: str) -> bool:
        return state in TERMINAL


class LabelsByIdsView(_Labels):
    operation_ids: ClassVar = {"post": "setLabelsOnTerminatedExecutionsByIds"}

    def labels(self, request: Request) -> Labels:
        return read_label_list(_member(request.data, "executionLabels"))

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_ids(request, read_ids(_member(request.data, "executionsId")))


class LabelsByQueryView(_Labels):
    operation_ids: ClassVar = {"post": "setLabelsOnTerminatedExecutionsByQuery"}

    def labels(self, request: Request) -> Labels:
        return read_label_list(request.data)

    def post(self, request: Request, **_: Any) -> Response:
        return self.by_query(request)


def _member(data: Any, name: str) -> Any:
    if not isinstance(data, Mapping) or name not in data:
        raise Invalid("the body must be an object with executionsId and executionLabels")
    return data[name]


def deletion_scope(request: Request) -> services.DeletionScope:
    query = request.query_params
    return services.DeletionScope(
        logs=flag(query, "deleteLogs", default=True),
        metrics=flag(query, "deleteMetrics", default=True),
        files=flag(query, "deleteStorage", default=True),
    )


def _include_running(request: Request) -> bool:
    return flag(request.query_params, "includeNonTerminated")


def _count(number: int) -> Response:
    """Both lines' spellings."""
    return Response({"count": number, "totalItems": number, "operationId": new_id()})


def _refusal(error: BulkRefused) -> Response:
    invalids = [
        {"message": message, "path": "execution.id", "invalidValue": execution_id}
        for execution_id, message in error.reasons.items()
    ]
    return Response({"message": error.message, "invalids": invalids}, status=400)
