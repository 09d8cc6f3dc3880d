"""The expression engine of this process, as the configuration wants it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from expressions.engine import ExpressionEngine


@cache
def expression_engine() -> ExpressionEngine:
    """One for all threads: compiled templates are shared."""
    return ExpressionEngine()


def render_input(value: Any, variables: Mapping[str, Any]) -> Any:
    """Defaults and conditions of inputs."""
    return expression_engine().render_value(value, variables, typed=True)
