"""Rendering a compiled template: once, again until nothing changes, and through nested data."""

import re
from collections.abc import Callable
from typing import Any

from expressions.context import RenderContext, Walk
from expressions.errors import ExpressionError, LimitReached, UndefinedError
from expressions.printing import join_pieces
from expressions.scoping import raw_mark
from expressions.template import CompiledTemplate
from expressions.values import is_list, is_map

_RAW_MARK = re.compile(raw_mark(0).replace("0", r"(\d+)"))


def run_text(context: RenderContext) -> str:
    """The printed form of the context's template."""
    template = context.template
    if template.root is None:
        return template.source
    return join_pieces(context, template.root(context))


def run_typed(context: RenderContext) -> Any:
    """The value of a template that is one expression, else its text."""
    template = context.template
    if template.root is None or not template.facts.is_single_expression:
        return run_text(context)
    return next(template.root(context))


def map_texts(value: Any, change: Callable[[str], Any], walk: Walk) -> Any:
    """Nested data with every text changed, map keys too; order is kept."""
    if isinstance(value, str):
        return change(value)
    walk.step()
    if is_list(value):
        return [map_texts(item, change, walk) for item in value]
    if is_map(value):
        return {
            change(key) if isinstance(key, str) else key: map_texts(item, change, walk)
            for key, item in value.items()
        }
    return value


def render_again(context: RenderContext, value: Any, *, recursive: bool) -> Any:
    """What `render()` does with its argument, one level deeper in the same render."""

    def passes(text: str) -> str:
        return render_passes(context, text, recursive=recursive)

    def walk() -> Any:
        return map_texts(value, passes, context.walk())

    try:
        return context.call(walk)
    except UndefinedError as error:
        # A plain error: what is undefined inside is not caught by a `??` outside.
        raise ExpressionError(
            error.message, expression=error.expression, line=error.line, name=error.name
        ) from error


def render_passes(context: RenderContext, text: str, *, recursive: bool) -> str:
    root = context.root
    outer_marks = root.raw_marks
    marks: list[str] = []
    root.raw_marks = marks
    try:
        rendered = _until_stable(context, text, recursive=recursive)
    finally:
        root.raw_marks = outer_marks
    return _RAW_MARK.sub(lambda found: _marked(marks, found), rendered) if marks else rendered


def _marked(marks: list[str], found: re.Match[str]) -> str:
    index = int(found.group(1))
    return marks[index] if index < len(marks) else found.group()


def _until_stable(context: RenderContext, text: str, *, recursive: bool) -> str:
    for _ in range(context.limits.render_passes if recursive else 1):
        template: CompiledTemplate = context.engine.compile(text)
        if template.is_literal:
            return text
        context.check_time()
        rendered = run_text(context.nested(template))
        if rendered == text or not recursive:
            return rendered
        text = rendered
    raise LimitReached("Too many rendering attempts")
