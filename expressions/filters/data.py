"""Filters between values and the text of data formats, and `default` and `className`."""

from decimal import Decimal
from typing import Any

from expressions.context import RenderContext
from expressions.printing import to_json
from expressions.signatures import at_first_use, define_filter
from expressions.values import is_list, is_map

_INT_BITS = 31


def json_of(context: RenderContext, value: Any) -> str:
    return to_json(context, value)


def class_name(context: RenderContext, value: Any) -> str:
    if isinstance(value, bool):
        return "java.lang.Boolean"
    if isinstance(value, str):
        return "java.lang.String"
    if isinstance(value, int):
        return "java.lang.Integer" if value.bit_length() <= _INT_BITS else "java.lang.Long"
    if isinstance(value, float):
        return "java.lang.Double"
    if isinstance(value, Decimal):
        return "java.math.BigDecimal"
    if is_list(value):
        return "java.util.ArrayList"
    return "java.util.LinkedHashMap" if is_map(value) else "java.lang.Object"


def default(context: RenderContext, value: Any, other: Any = None) -> Any:
    """Never called by name: it is an operation, since its input may be undefined."""
    return other if value is None else value


FILTERS = (
    define_filter("json", json_of, null_passes=False),
    define_filter("toJson", json_of, null_passes=False),
    define_filter("yaml", at_first_use("expressions.yaml_text", "to_yaml"), null_passes=False),
    define_filter("toIon", at_first_use("expressions.ion_text", "to_ion"), null_passes=False),
    define_filter(
        "jq", at_first_use("expressions.jq_programs", "jq"), "expression!", is_pure=False
    ),
    define_filter("className", class_name),
    define_filter("default", default, "default", null_passes=False),
)
