"""`render` and `renderOnce`: text that a variable holds, rendered in its turn."""

from typing import Any

from expressions.context import RenderContext, fail
from expressions.rendering import render_again
from expressions.signatures import define_function
from expressions.values import is_list, is_map, kind_of


def render(context: RenderContext, value: Any, recursive: Any = None) -> Any:
    if recursive is not None and not isinstance(recursive, bool):
        fail(f"the argument recursive must be a boolean, not {kind_of(recursive)}")
    return _render(context, value, "render", recursive=recursive is not False)


def render_once(context: RenderContext, value: Any) -> Any:
    return _render(context, value, "renderOnce", recursive=False)


def _render(context: RenderContext, value: Any, name: str, *, recursive: bool) -> Any:
    if context.engine.recursive:
        fail(f"the function '{name}' does not exist: every render is recursive on this server")
    if (
        value is not None
        and not isinstance(value, str)
        and not is_list(value)
        and not is_map(value)
    ):
        fail(f"{name} renders a string, a list or a map, not {kind_of(value)}")
    return render_again(context, value, recursive=recursive)


FUNCTIONS = (
    define_function("render", render, "toRender! recursive", is_pure=False),
    define_function("renderOnce", render_once, "toRender!", is_pure=False),
)
