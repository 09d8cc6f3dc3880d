"""One execution: read, delete, kill, label."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions import services
from executions.api.access import ExecutionApiView, flag
from executions.api.bodies import read_label_list
from executions.api.serializers import execution_shape
from executions.api.views.bulk import deletion_scope
from executions.models import Execution
from executions.queries.details import detail_of, get_execution
from executions.queries.outputs import with_stored_outputs


def shape_of(row: Execution) -> dict[str, Any]:
    return execution_shape(with_stored_outputs(detail_of(row)))


class ExecutionView(ExecutionApiView):
    actions: ClassVar = {"get": "VIEW", "delete": "DELETE"}
    operation_ids: ClassVar = {"get": "getExecution", "delete": "deleteExecution"}

    def get(self, request: Request, execution_id: str, **_: Any) -> Response:
        return Response(shape_of(self.execution(execution_id)))

    def delete(self, request: Request, execution_id: str, **_: Any) -> Response:
        services.delete_execution(
            actor=self.actor,
            execution=self.execution(execution_id),
            scope=deletion_scope(request),
        )
        return Response(status=204)


class KillView(ExecutionApiView):
    """The older address answers 202, the newer one 200."""

    actions: ClassVar = {"delete": "KILL"}
    operation_ids: ClassVar = {"delete": "killExecution"}
    status: ClassVar[int] = 202

    def delete(self, request: Request, execution_id: str, **_: Any) -> Response:
        services.kill_execution(
            actor=self.actor,
            execution=self.execution(execution_id),
            cascade=flag(request.query_params, "isOnKillCascade", default=True),
        )
        return Response(shape_of(get_execution(execution_id)), status=self.status)


class KillActionView(KillView):
    status = 200


class LabelsView(ExecutionApiView):
    actions: ClassVar = {"post": "CHANGE_LABELS"}
    operation_ids: ClassVar = {"post": "setLabelsOnTerminatedExecution"}

    def post(self, request: Request, execution_id: str, **_: Any) -> Response:
        execution = self.execution(execution_id)
        labels = read_label_list(request.data)
        services.set_labels(actor=self.actor, execution=execution, labels=labels)
        return Response(shape_of(get_execution(execution_id)))
