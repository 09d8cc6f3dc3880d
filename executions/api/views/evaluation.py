"""Expressions tried out on an execution."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from executions.api.access import ExecutionApiView
from executions.queries.evaluation import Evaluation, evaluate
from rest.rendering import TextParser, compact


class EvaluationView(ExecutionApiView):
    """The body is the expression as text; an expression that fails is answered with 200, too."""

    actions: ClassVar = {"post": "VIEW"}
    operation_ids: ClassVar = {"post": "evalExpression"}
    parser_classes = (TextParser,)

    def post(
        self, request: Request, execution_id: str, task_run_id: str | None = None, **_: Any
    ) -> Response:
        text = request.data if isinstance(request.data, str) else ""
        return Response(
            _shape(evaluate(self.execution(execution_id), text, task_run_id=task_run_id))
        )


class TaskRunEvaluationView(EvaluationView):
    operation_ids: ClassVar = {"post": "evalTaskRunExpression"}


def _shape(found: Evaluation) -> dict[str, Any]:
    return compact({"result": found.result, "error": found.error, "stackTrace": found.trace})
