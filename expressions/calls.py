"""Calls of filters, functions, tests, macros and blocks while a template runs. Errors get their
place here, and results are checked against the limits."""

from collections.abc import Callable
from decimal import DecimalException
from typing import Any, Never

from common.errors import KestraError, Unavailable
from expressions.context import RenderContext
from expressions.errors import ExpressionError, LimitReached, UndefinedError
from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from expressions.predicates import TESTS
from expressions.printing import join_pieces
from expressions.secrets_seen import note_derived
from expressions.signatures import Callee
from expressions.values import kind_of

# What a bad argument makes Python's own functions raise.
_BAD_ARGUMENTS = (ValueError, TypeError, OverflowError, LookupError, DecimalException)


def run_filter(context: RenderContext, line: int, name: str, value: Any, *arguments: Any) -> Any:
    callee = FILTERS[name]
    if value is None and callee.null_passes:
        return None
    return _checked(context, line, callee, value, *arguments)


def run_function(context: RenderContext, line: int, name: str, *arguments: Any) -> Any:
    return _checked(context, line, FUNCTIONS[name], *arguments)


def run_test(context: RenderContext, line: int, name: str, value: Any) -> bool:
    return bool(_checked(context, line, TESTS[name], value))


def _checked(context: RenderContext, line: int, callee: Callee, *arguments: Any) -> Any:
    try:
        context.check_time()
        result = callee.apply(context, *arguments)
        if type(result) is str:
            context.check_length(len(result))
        elif type(result) is list:
            context.check_items(len(result))
        if context.root.known_secrets:
            note_derived(context, result, *arguments)
    except ExpressionError as error:
        raise error.locate(context.template.source, line) from None
    except Unavailable:
        raise
    except KestraError as error:
        refused = ExpressionError(error.message)
        raise refused.locate(context.template.source, line) from error
    except _BAD_ARGUMENTS as error:
        raise _bad_arguments(callee, arguments).locate(context.template.source, line) from error
    return result


def _bad_arguments(callee: Callee, arguments: tuple[Any, ...]) -> ExpressionError:
    """Says what kinds of value were given, never the values: one may be a secret."""
    kinds = ", ".join(map(kind_of, arguments)) or "nothing"
    return ExpressionError(f"the {callee.kind} '{callee.name}' cannot be applied to {kinds}")


def call_macro(
    context: RenderContext, line: int, name: str, positional: list[Any], named: dict[str, Any]
) -> str:
    macro = context.template.facts.macros.get(name)
    if macro is None:
        fail_at(context, line, f"the function or macro '{name}' does not exist")
    if len(positional) > len(macro.parameters):
        fail_at(context, line, f"the macro '{name}' takes {len(macro.parameters)} arguments")
    for key in named:
        if key not in macro.parameters:
            fail_at(context, line, f"the macro '{name}' has no argument '{key}'")
    given = {key: None for key in macro.parameters if key not in macro.with_default}
    given.update(zip(macro.parameters, positional, strict=False))
    given.update(named)
    inner = context.nested(context.template, given)
    return _text_of(inner, line, lambda: join_pieces(inner, inner.body(macro.body_id)))


def macro_default(context: RenderContext, line: int, name: str, default: Any) -> None:
    if name not in context.scope:
        value = default() if callable(default) else default
        context.frames = context.frames or [{}]
        context.frames[0][name] = value


def block_text(context: RenderContext, line: int, name: Any = None) -> str:
    body_id = context.template.facts.blocks.get(name) if isinstance(name, str) else None
    if body_id is None:
        shown = name if isinstance(name, str) else kind_of(name)
        fail_at(context, line, f"the block '{shown}' does not exist")
    return body_text(context, line, body_id)


def body_text(context: RenderContext, line: int, body_id: str) -> str:
    return _text_of(context, line, lambda: join_pieces(context, context.body(body_id)))


def _text_of(context: RenderContext, line: int, body: Callable[[], str]) -> str:
    try:
        text: str = context.call(body)
        context.check_length(len(text))
        return text
    except UndefinedError:
        raise
    except ExpressionError as error:
        raise error.locate(context.template.source, line) from None
    except RecursionError as error:
        raise LimitReached("the expression is nested too deeply") from error


def fail_at(context: RenderContext, line: int, message: str) -> Never:
    raise ExpressionError(message).locate(context.template.source, line)
