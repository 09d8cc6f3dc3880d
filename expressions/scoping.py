"""Operations on what is in scope: fallbacks for what is undefined, loops, assignment, joining."""

from collections.abc import Iterator
from typing import Any

from expressions.context import RenderContext
from expressions.errors import ExpressionError, UndefinedError
from expressions.predicates import is_empty
from expressions.printing import plain
from expressions.secrets_seen import note_derived
from expressions.values import MapEntry, is_list, is_map, kind_of

_UNDEFINED = object()


def _attempt(context: RenderContext, operand: Any) -> Any:
    """The operand's value, or _UNDEFINED. A constant is not wrapped in a lambda."""
    if not callable(operand):
        return operand
    frames = context.frames
    depth = len(frames)
    try:
        return operand()
    except UndefinedError:
        del frames[depth:]
        return _UNDEFINED


def _value(operand: Any) -> Any:
    return operand() if callable(operand) else operand


def coalesce(context: RenderContext, line: int, *operands: Any) -> Any:
    for operand in operands[:-1]:
        value = _attempt(context, operand)
        if value is not None and value is not _UNDEFINED:
            return value
    return _value(operands[-1])


def if_undefined(context: RenderContext, line: int, *operands: Any) -> Any:
    for operand in operands[:-1]:
        value = _attempt(context, operand)
        if value is not _UNDEFINED:
            return value
    return _value(operands[-1])


def is_defined(context: RenderContext, line: int, operand: Any) -> bool:
    value = _attempt(context, operand)
    return value is not None and value is not _UNDEFINED


def use_default(
    context: RenderContext, line: int, name: str, operand: Any, default: Any = None
) -> Any:
    value = _attempt(context, operand)
    if value is _UNDEFINED or is_empty(context, value):
        return _value(default)
    return value


def join_texts(context: RenderContext, line: int, *parts: Any) -> str:
    texts = [
        part if type(part) is str else plain(context, part) for part in parts if part is not None
    ]
    try:
        context.check_length(sum(map(len, texts)))
    except ExpressionError as error:
        raise error.locate(context.template.source, line) from None
    joined = "".join(texts)
    if context.root.known_secrets:
        note_derived(context, joined, *parts)
    return joined


def list_of(context: RenderContext, line: int, *items: Any) -> list[Any]:
    return list(items)


def map_of(context: RenderContext, line: int, *parts: Any) -> dict[Any, Any]:
    for key in parts[::2]:
        if is_list(key) or is_map(key) or type(key) is MapEntry:
            error = ExpressionError(f"a map's key cannot be {kind_of(key)}")
            raise error.locate(context.template.source, line)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def assign(context: RenderContext, line: int, name: str, value: Any) -> None:
    context.assign(name, value)


def turns(context: RenderContext, line: int, name: str, value: Any) -> Iterator[None]:
    """One turn an item; before each the loop's variables are set in a frame of their own."""
    context.loop_was_null = value is None
    if value is None:
        return
    if is_map(value):
        items: Any = [MapEntry(key, item) for key, item in value.items()]
    elif is_list(value):
        items = value
    else:
        error = ExpressionError(f"a loop goes over a list or a map, not {kind_of(value)}")
        raise error.locate(context.template.source, line)
    yield from _turns_over(context, line, name, items)
    context.loop_was_null = False


def _turns_over(context: RenderContext, line: int, name: str, items: Any) -> Iterator[None]:
    if not context.frames:
        context.frames.append({})
    frame: dict[str, Any] = {}
    context.frames.append(frame)
    depth = len(context.frames)
    last = len(items) - 1
    for index, item in enumerate(items):
        try:
            context.count_turn()
        except ExpressionError as error:
            raise error.locate(context.template.source, line) from None
        frame[name] = item
        frame["loop"] = {
            "index": index,
            "length": last + 1,
            "first": index == 0,
            "last": index == last,
            "revindex": last - index,
        }
        yield
    del context.frames[depth - 1 :]


def had_list(context: RenderContext, line: int) -> bool:
    """Whether the loop that just ended had a list or map, however empty."""
    return not context.loop_was_null


def raw(context: RenderContext, line: int, text: str) -> str:
    """The text as it is; inside `render()` a mark that stands for it until the last pass."""
    marks = context.root.raw_marks
    if marks is None:
        return text
    marks.append(text)
    return raw_mark(len(marks) - 1)


def raw_mark(index: int) -> str:
    return f"\ue000\ue0ff{index}\ue0ff\ue001"
