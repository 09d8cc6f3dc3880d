"""What is asked of sources that need not be saved: validation, graph, expressions; and import."""

from typing import Any, ClassVar

from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from common.errors import BadRequest, Invalid
from common.json import dumps
from flows import services
from flows.api.bodies import flag, source_of, uploaded_files
from flows.api.expressions import expression_context
from flows.api.serializers import graph_shape, report_shape
from flows.api.subflows import asked_graph
from flows.api.validation_reports import flow_reports, piece_report
from plugins.contracts.nested import Kind
from rest.permissions import ANY_ACTION
from rest.rendering import SOURCE_PARSERS, read_text
from rest.views import ApiView


class ValidateFlowsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": ANY_ACTION}
    operation_ids: ClassVar = {"post": "validateFlows"}
    parser_classes = (MultiPartParser, *SOURCE_PARSERS)

    def post(self, request: Request, **_: Any) -> Response:
        if request.FILES:
            uploads = [item for name in request.FILES for item in request.FILES.getlist(name)]
            source = "\n---\n".join(read_text(item.read()) for item in uploads)
        else:
            source = source_of(request)
        return Response([report_shape(item) for item in flow_reports(self.tenant, source)])


class ValidateTaskView(ApiView):
    """`section` says whether it is a task or a trigger."""

    resource = "FLOW"
    actions: ClassVar = {"post": ANY_ACTION}
    operation_ids: ClassVar = {"post": "validateTask"}
    parser_classes = SOURCE_PARSERS
    sections: ClassVar = {"TASKS": Kind.TASK, "TRIGGERS": Kind.TRIGGER}

    def post(self, request: Request, **_: Any) -> Response:
        section = request.query_params.get("section", "")
        if not section:
            raise BadRequest("the query parameter `section` is missing: TASKS or TRIGGERS")
        if section.upper() not in self.sections:
            raise Invalid(f"section: '{section}' is unknown; known: TASKS, TRIGGERS")
        return Response(report_shape(piece_report(self.sections[section.upper()], _piece(request))))


class ValidateTriggerView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": ANY_ACTION}
    operation_ids: ClassVar = {"post": "validateTrigger"}
    parser_classes = SOURCE_PARSERS

    def post(self, request: Request, **_: Any) -> Response:
        return Response(report_shape(piece_report(Kind.TRIGGER, _piece(request))))


class SourceGraphView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": ANY_ACTION}
    operation_ids: ClassVar = {"post": "generateFlowGraphFromSource"}
    parser_classes = SOURCE_PARSERS

    def post(self, request: Request, **_: Any) -> Response:
        parsed = services.read_source(source_of(request))
        graph = asked_graph(self.actor, request.query_params, parsed.document, source=parsed.value)
        return Response(graph_shape(graph))


class ExpressionsView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": ANY_ACTION}
    operation_ids: ClassVar = {"post": "expressions"}
    parser_classes = SOURCE_PARSERS

    def post(self, request: Request, **_: Any) -> Response:
        task_id = request.query_params.get("taskId") or None
        return Response(expression_context(source_of(request), task_id=task_id))


class ImportView(ApiView):
    resource = "FLOW"
    actions: ClassVar = {"post": ["CREATE", "IMPORT"]}
    operation_ids: ClassVar = {"post": "importFlows"}
    parser_classes = (MultiPartParser,)

    def post(self, request: Request, **_: Any) -> Response:
        report = services.import_flows(
            actor=self.actor,
            files=uploaded_files(request),
            fail_on_error=flag(request, "failOnError"),
            check=self._check,
        )
        return Response([name for name, _ in report.failures])

    def _check(self, namespace: str, deletes: bool) -> None:
        del deletes  # an import deletes nothing
        self.require("CREATE", namespace=namespace)
        self.require("UPDATE", namespace=namespace)


def _piece(request: Request) -> str:
    """JSON is YAML, too."""
    return request.data if isinstance(request.data, str) else dumps(request.data)
