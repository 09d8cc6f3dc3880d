"""Expressions as JSON lines: `{"id", "template", "context"}` with `"typed"` and `"fixtures"` in,
`{"id", "result"}` or `{"id", "error"}` out. `python -m expressions.evaluate_lines` is a filter."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any

from common.errors import KestraError
from common.json import dumps, loads
from expressions.engine import ExpressionEngine
from expressions.services import InMemoryServices


def evaluate_lines(lines: Iterable[str]) -> Iterator[str]:
    """One answer a line, in order; blank lines are passed over, a bad one gives an error line."""
    engine = ExpressionEngine()
    for line in lines:
        if line.strip():
            yield _answer(engine, line)


def _answer(engine: ExpressionEngine, line: str) -> str:
    request: Any = None
    try:
        request = loads(line)
    except ValueError as error:
        return dumps({"id": None, "error": f"the line is not JSON: {error}"})
    if not isinstance(request, dict) or not isinstance(request.get("template"), str):
        found = request.get("id") if isinstance(request, dict) else None
        return dumps({"id": found, "error": "the line needs a text under the key 'template'"})
    try:
        return dumps({"id": request.get("id"), "result": _evaluate(engine, request)})
    except KestraError as error:
        return dumps({"id": request.get("id"), "error": error.message})
    except Exception as error:  # a fault of the engine: the other lines still get answers
        message = f"the expression could not be evaluated: {type(error).__name__}: {error}"
        return dumps({"id": request.get("id"), "error": message})


def _evaluate(engine: ExpressionEngine, request: dict[str, Any]) -> Any:
    scope = request.get("context") or {}
    fixtures = request.get("fixtures") or {}
    if not isinstance(scope, dict) or not isinstance(fixtures, dict):
        raise KestraError("'context' and 'fixtures' must be maps")
    services = _services(scope, fixtures)
    if request.get("typed"):
        return engine.render_typed(request["template"], scope, services)
    return engine.render(request["template"], scope, services)


def _services(scope: dict[str, Any], fixtures: dict[str, Any]) -> InMemoryServices:
    flow = scope.get("flow")
    namespace = flow.get("namespace") if isinstance(flow, dict) else None
    return InMemoryServices(
        namespace=namespace if isinstance(namespace, str) else "",
        kv=fixtures.get("kv"),
        secrets=fixtures.get("secrets"),
        files=fixtures.get("files"),
        storage=fixtures.get("storage"),
        error_logs=fixtures.get("errorLogs"),
    )


def main() -> None:
    for answer in evaluate_lines(sys.stdin):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
