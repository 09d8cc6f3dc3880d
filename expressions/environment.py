"""Jinja2's environment with this language's lexer, parser and code generator. Compiled templates
reach nothing but its operations. All overrides of Jinja2's undocumented parts are in this module,
`lexer`, `parser` and `statements`; the minor version of Jinja2 is pinned."""

from jinja2 import nodes
from jinja2.compiler import Frame
from jinja2.nativetypes import NativeCodeGenerator
from jinja2.sandbox import ImmutableSandboxedEnvironment

from expressions import access, arithmetic, calls, comparison, scoping
from expressions.limits import Limits
from expressions.operations import JOINED, LAZY
from expressions.parser import ExpressionParser
from expressions.statements import HIDDEN


class ExpressionCodeGenerator(NativeCodeGenerator):
    """Writes operations as direct calls, what must wait as lambdas; a body yields plain values."""

    def visit_Call(  # noqa: N802  # Jinja2's visitor finds the method by this name
        self, node: nodes.Call, frame: Frame, forward_caller: bool = False
    ) -> None:
        operation = node.node.name  # type: ignore[attr-defined]  # the parser makes no other calls
        if operation in JOINED:
            self._write_list(node.args[2:], frame, f"{JOINED[operation]}", "(")
            return
        first_lazy = LAZY.get(operation, len(node.args))
        self.write(f"environment.{operation}(")
        for index, argument in enumerate(node.args):
            if index:
                self.write(", ")
            if index >= first_lazy and not isinstance(argument, nodes.Const):
                self.write("lambda: ")
            self.visit(argument, frame)
        self.write(")")

    def _write_list(
        self, items: list[nodes.Expr], frame: Frame, separator: str, opening: str
    ) -> None:
        self.write(opening)
        for index, item in enumerate(items):
            if index:
                self.write(separator)
            self.visit(item, frame)
        self.write(")")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802  # as above
        for child in node.nodes:
            self.writeline("yield ", child)
            self.visit(child, frame)

    def visit_Block(self, node: nodes.Block, frame: Frame) -> None:  # noqa: N802  # as above
        """In place a block prints its body; a macro's or filter's is only called."""
        if node.name.startswith(HIDDEN):
            self.writeline("pass")
        else:
            self.writeline(f"yield from block_{node.name}(context)", node)


class ExpressionEnvironment(ImmutableSandboxedEnvironment):
    """One for the process: it holds no state of a render."""

    code_generator_class = ExpressionCodeGenerator

    path = staticmethod(access.path)
    subscript = staticmethod(access.subscript)
    attribute = staticmethod(access.named_attribute)
    method = staticmethod(access.method)
    calculate = staticmethod(arithmetic.calculate)
    minus = staticmethod(arithmetic.minus)
    plus = staticmethod(arithmetic.plus)
    range_of = staticmethod(arithmetic.range_of)
    equal = staticmethod(comparison.equal)
    not_equal = staticmethod(comparison.not_equal)
    less = staticmethod(comparison.less)
    greater = staticmethod(comparison.greater)
    at_most = staticmethod(comparison.at_most)
    at_least = staticmethod(comparison.at_least)
    contains = staticmethod(comparison.contains)
    truth = staticmethod(comparison.truth)
    choice = staticmethod(comparison.choice)
    negate = staticmethod(comparison.negate)
    coalesce = staticmethod(scoping.coalesce)
    if_undefined = staticmethod(scoping.if_undefined)
    is_defined = staticmethod(scoping.is_defined)
    use_default = staticmethod(scoping.use_default)
    join_texts = staticmethod(scoping.join_texts)
    list_of = staticmethod(scoping.list_of)
    map_of = staticmethod(scoping.map_of)
    assign = staticmethod(scoping.assign)
    turns = staticmethod(scoping.turns)
    had_list = staticmethod(scoping.had_list)
    raw = staticmethod(scoping.raw)
    block_text = staticmethod(calls.block_text)
    body_text = staticmethod(calls.body_text)
    call_macro = staticmethod(calls.call_macro)
    macro_default = staticmethod(calls.macro_default)
    run_filter = staticmethod(calls.run_filter)
    run_function = staticmethod(calls.run_function)
    run_test = staticmethod(calls.run_test)
    fail = staticmethod(calls.fail_at)

    def parser_of(self, source: str, limits: Limits) -> ExpressionParser:
        return ExpressionParser(self, source, limits)


ENVIRONMENT = ExpressionEnvironment(
    optimized=False, autoescape=False, keep_trailing_newline=True, cache_size=0
)
