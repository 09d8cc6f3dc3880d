"""What helps while a flow is written: the types there are, the schema of one, and what is wrong
with a source. JSON for the editor's script."""

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse

from common import json
from common.errors import Invalid, KestraError, Violation
from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from flows.api.expressions import expression_context
from flows.api.serializers import graph_shape
from flows.flow_schema import schema_of
from flows.graph import graph_of
from flows.parsing import identity_of
from flows.queries import find_flow
from flows.services import read_source
from plugins.documentation import document
from plugins.registry import installed_registry, kind_of
from plugins.schema import title_of
from rbac.queries import visible_namespaces
from rest.gate import actor_of
from rest.permissions import SIGNED_IN
from ui.flows.answers import answer_json
from ui.frame import page

_A_YEAR = "private, max-age=31536000, immutable"


@page(SIGNED_IN)
def give_types(request: HttpRequest, **_: Any) -> HttpResponse:
    """`{types: [[name, kind, title, deprecated]], flow, definitions, functions, filters}`. Its
    address names the version, so it is kept for good."""
    return _kept(request, type_index())


@page(SIGNED_IN)
def give_type(request: HttpRequest, name: str, **_: Any) -> HttpResponse:
    """`{markdown, schema: {properties, outputs, definitions}}`. Raises UnknownType."""
    return _kept(request, described_type(name))


@cache
def version_of_types() -> str:
    return hashlib.blake2b(type_index(), digest_size=6).hexdigest()


@cache
def type_index() -> bytes:
    """What `give_types` answers."""
    schema = schema_of("flow")["definitions"]
    return json.dump_bytes(
        {
            "types": [
                [found.type_name, kind_of(found).value, title_of(found), found.is_deprecated]
                for found in installed_registry().all()
            ],
            "flow": schema["FlowDocument"],
            # those of types have dots in their names, and come one by one
            "definitions": {
                name: each
                for name, each in schema.items()
                if "." not in name and name != "FlowDocument" and "anyOf" not in each
            },
            "functions": sorted(FUNCTIONS),
            "filters": sorted(FILTERS),
        }
    )


def _kept(request: HttpRequest, body: bytes) -> HttpResponse:
    is_present = request.GET.get("v") == version_of_types()
    response = HttpResponse(body, content_type="application/json")
    response.headers["Cache-Control"] = _A_YEAR if is_present else "no-store"
    return response


def described_type(name: str) -> bytes:
    """Under its name or an older one. Raises UnknownType."""
    return _described(installed_registry().canonical_name(name))


@cache
def _described(name: str) -> bytes:
    found = document(installed_registry().get(name), with_common=True)
    return json.dump_bytes(found.to_map())


@dataclass(frozen=True, slots=True)
class Judged:
    """What a source is worth. Lines and columns count from 1; `graph` is None while it does not
    hold."""

    problems: tuple[dict[str, Any], ...]
    graph: dict[str, Any] | None


@page("FLOW", methods=("POST",))
def check_source(request: HttpRequest, tenant: str) -> HttpResponse:
    """`{problems: [{severity, message, path, line, column}], graph, expressions, revision}` of
    `source`; `revision` is the present one of the flow that the source names."""
    source = request.POST.get("source", "").replace("\r\n", "\n")
    judged = _judge(source)
    try:
        expressions = expression_context(source)["categories"]
    except Invalid:
        expressions = None
    return answer_json(
        {
            "problems": judged.problems,
            "graph": judged.graph,
            "expressions": expressions,
            **_saved_meanwhile(request, tenant, source),
        }
    )


def _judge(source: str) -> Judged:
    try:
        parsed = read_source(source)
    except Invalid as error:
        found = error.violations or (Violation(str(error)),)
        return Judged(tuple(_problem(each, "error") for each in found), None)
    except KestraError as error:
        return Judged((_problem(Violation(str(error)), "error"),), None)
    warnings = tuple(
        _problem(Violation(each.message, path=each.path), "warning") for each in parsed.warnings
    )
    return Judged(warnings, graph_shape(graph_of(parsed.document, source=parsed.value)))


def _problem(violation: Violation, severity: str) -> dict[str, Any]:
    return {
        "severity": severity,
        "message": violation.message,
        "path": violation.path,
        "line": violation.line,
        "column": violation.column,
    }


def _saved_meanwhile(request: HttpRequest, tenant: str, source: str) -> dict[str, Any]:
    """Nothing of a flow that the caller may not see."""
    namespace, flow_id = identity_of(source)
    if not namespace or not flow_id:
        return {"revision": None}
    if not visible_namespaces(actor_of(request), "FLOW", "VIEW", tenant).covers(namespace):
        return {"revision": None}
    flow = find_flow(tenant, namespace, flow_id)
    return {
        "revision": flow.revision if flow else None,
        "savedBy": flow.updated_by if flow else "",
    }
