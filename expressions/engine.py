"""The expression engine: compiles texts, keeps what it compiled, renders."""

from collections import ChainMap
from collections.abc import Mapping
from types import CodeType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import generate
from jinja2.exceptions import TemplateSyntaxError

from expressions.cache import TemplateCache
from expressions.context import RenderContext
from expressions.environment import ENVIRONMENT
from expressions.errors import ExpressionError, LimitReached
from expressions.limits import Limits
from expressions.rendering import render_passes, run_text, run_typed
from expressions.services import NULL_SERVICES, ExpressionServices
from expressions.template import CompiledTemplate
from expressions.typed_values import to_plain_data

_DEFAULT_LIMITS = Limits()


class ExpressionEngine:
    """Safe to share between threads. With `recursive` every render goes on until nothing changes,
    and the functions `render` and `renderOnce` are not there. `globals_` is the variable
    `globals` of every scope that does not bring its own."""

    def __init__(
        self,
        *,
        recursive: bool = False,
        limits: Limits = _DEFAULT_LIMITS,
        globals_: Mapping[str, Any] | None = None,
        time_zone: str = "UTC",
        locale: str = "en_US",
    ) -> None:
        self.recursive = recursive
        self.limits = limits
        self.time_zone = time_zone
        self.locale = locale
        self._server_variables: dict[str, Any] = {"globals": globals_} if globals_ else {}
        self._cache = TemplateCache(limits.cache_entries, limits.cache_characters)

    def compile(self, source: str) -> CompiledTemplate:
        found = self._cache.get(source)
        if found is None:
            found = self._compile(source)
            self._cache.put(found)
        return found

    def _compile(self, source: str) -> CompiledTemplate:
        if "{" not in source:
            return CompiledTemplate(source)
        if len(source) > self.limits.source_length:
            raise LimitReached(
                f"the expression is longer than {self.limits.source_length} characters"
            )
        try:
            return self._parse_and_compile(source)
        except TemplateSyntaxError as error:
            message = f"{error.message} (line {error.lineno})"
            raise ExpressionError(message, expression=source, line=error.lineno) from error
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise LimitReached("the expression is nested too deeply", expression=source) from error
        except UnicodeEncodeError as error:
            raise ExpressionError("the expression holds half a character") from error

    def _parse_and_compile(self, source: str) -> CompiledTemplate:
        parser = ENVIRONMENT.parser_of(source, self.limits)
        tree = parser.parse()
        python = generate(tree, ENVIRONMENT, None, None, optimized=False)
        code: CodeType = compile(str(python), "<expression>", "exec")
        namespace: dict[str, Any] = {"environment": ENVIRONMENT}
        # The code is what the generator wrote: calls of operations on constants, nothing else.
        exec(code, namespace)  # noqa: S102 - our own compiler made it
        return CompiledTemplate(
            source=source,
            is_literal=False,
            facts=parser.facts.result(is_single_expression=_is_single_expression(tree)),
            root=namespace["root"],
            bodies=namespace["blocks"],
        )

    def render(
        self, source: str, scope: Mapping[str, Any], services: ExpressionServices | None = None
    ) -> str:
        template = self.compile(source)
        if template.root is None:
            return source
        return str(self._run(template, scope, services, typed=False))

    def render_typed(
        self, source: str, scope: Mapping[str, Any], services: ExpressionServices | None = None
    ) -> Any:
        template = self.compile(source)
        if template.root is None:
            return source
        return self._run(template, scope, services, typed=True)

    def render_value(
        self,
        value: Any,
        scope: Mapping[str, Any],
        services: ExpressionServices | None = None,
        *,
        typed: bool = False,
    ) -> Any:
        """Renders the keys and values of maps and the items of lists, to any depth; keys always
        become text. Numbers, booleans and null are left alone."""
        if isinstance(value, str):
            render = self.render_typed if typed else self.render
            return render(value, scope, services)
        if isinstance(value, Mapping):
            return {
                self.render(key, scope, services) if isinstance(key, str) else key: (
                    self.render_value(item, scope, services, typed=typed)
                )
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.render_value(item, scope, services, typed=typed) for item in value]
        return value

    def _run(
        self,
        template: CompiledTemplate,
        scope: Mapping[str, Any],
        services: ExpressionServices | None,
        *,
        typed: bool,
    ) -> Any:
        visible = ChainMap(scope, self._server_variables) if self._server_variables else scope  # type: ignore[arg-type]  # neither is written to
        context = RenderContext(self, template, visible, services or NULL_SERVICES)
        known_secrets = getattr(services, "known_secrets", None)
        if known_secrets is not None:
            context.known_secrets = set(known_secrets())
        try:
            if typed:
                value = run_typed(context)
                if self.recursive and isinstance(value, str):
                    value = render_passes(context, value, recursive=True)
                return to_plain_data(context, value)
            if self.recursive:
                return render_passes(context, template.source, recursive=True)
            return run_text(context)
        except ExpressionError as error:
            raise error.locate(template.source, 1) from None
        except (RecursionError, MemoryError) as error:
            raise LimitReached(
                "the expression needs too much depth or memory", expression=template.source, line=1
            ) from error


def _is_single_expression(tree: nodes.Template) -> bool:
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return False
    printed = tree.body[0].nodes
    return len(printed) == 1 and not isinstance(printed[0], nodes.TemplateData)
