"""Outputs of flows: the declared types given to what their templates rendered to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from common.errors import Invalid, Violation
from flows.input_values import convert
from flows.schema import FlowDocument


def type_outputs(document: FlowDocument, rendered: Mapping[str, Any]) -> dict[str, Any]:
    """Raises Invalid with every output that does not fit its type."""
    found: dict[str, Any] = {}
    violations = []
    for output in document.outputs:
        value = rendered.get(output.id)
        try:
            found[output.id] = None if value is None else convert(output.type, value)
        except ValueError as error:
            violations.append(
                Violation(f"The output {output.id} is no {output.type}: {error}", "outputs")
            )
    if violations:
        raise Invalid(violations=violations)
    return found
