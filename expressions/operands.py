"""What operators stand between: names, literals, calls, subscripts, filters and tests, as Jinja2's
nodes. Operators and their ranks are in `parser`."""

from typing import Any

from jinja2 import nodes

from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from expressions.operations import call
from expressions.predicates import TESTS
from expressions.signatures import BindingError, Callee
from expressions.statements import StatementParser

Arguments = tuple[list[nodes.Expr], dict[str, nodes.Expr]]

_CONSTANTS: dict[str, Any] = {
    "true": True, "TRUE": True, "false": False, "FALSE": False,
    "null": None, "NULL": None, "none": None, "NONE": None,
}  # fmt: skip
_LARGEST_INTEGER = 2**63 - 1


class OperandParser(StatementParser):
    """Parses one operand with all that binds tighter than any operator."""

    def parse_primary(self, with_postfix: bool = True) -> nodes.Expr:
        token = self.stream.current
        if token.type == "name":
            next(self.stream)
            return self._name(token.value, token.lineno)
        if token.type in ("integer", "float"):
            next(self.stream)
            return self._postfix(self._number(token.type, token.value))
        if token.type == "string":
            next(self.stream)
            return self._postfix(nodes.Const(token.value))
        if token.type == "interpolated_begin":
            return self._postfix(self._interpolated())
        if self.skip_punctuation("["):
            return call("list_of", token.lineno, *self._items("]"))
        if self.skip_punctuation("{"):
            return self._map(token.lineno)
        return self.fail_here(f"an expression is expected, not {self.describe(token)}")

    def _number(self, kind: str, text: str) -> nodes.Const:
        if kind == "integer":
            if len(text) > 30 or int(text) > _LARGEST_INTEGER:
                self.fail_here(f"the number {text[:30]} does not fit in 64 bits")
            return nodes.Const(int(text))
        value = float(text)
        if value == float("inf"):
            self.fail_here("a number is too large")
        return nodes.Const(value)

    def _interpolated(self) -> nodes.Expr:
        line = next(self.stream).lineno
        parts: list[nodes.Expr] = []
        while self.stream.current.type != "interpolated_end":
            if self.stream.current.type == "string":
                parts.append(nodes.Const(next(self.stream).value))
            else:
                parts.append(self.parse_expression())
                self.stream.expect("interpolation_end")
        next(self.stream)
        return call("join_texts", line, *parts)

    def _items(self, closing: str) -> list[nodes.Expr]:
        items: list[nodes.Expr] = []
        if self.skip_punctuation(closing):
            return items
        while True:
            items.append(self.parse_expression())
            if self.skip_punctuation(closing):
                return items
            self.expect_punctuation(",")

    def _map(self, line: int) -> nodes.Expr:
        parts: list[nodes.Expr] = []
        if self.skip_punctuation("}"):
            return call("map_of", line)
        while True:
            parts.append(self.parse_expression())
            self.expect_punctuation(":")
            parts.append(self.parse_expression())
            if self.skip_punctuation("}"):
                return call("map_of", line, *parts)
            self.expect_punctuation(",")

    def _name(self, name: str, line: int) -> nodes.Expr:
        if name in _CONSTANTS:
            return nodes.Const(_CONSTANTS[name])
        if self.at_punctuation("("):
            return self._postfix(self._function(name, line))
        keys = self._static_keys()
        self.facts.read_variable(name, keys[0] if keys else None)
        path = [nodes.Const(key) for key in (name, *keys)]
        return self._postfix(call("path", line, *path))

    def _static_keys(self) -> list[str]:
        """The dotted names and quoted subscripts that follow; none where a call comes last."""
        keys: list[str] = []
        while True:
            if self.at_punctuation(".") and not self._is_method_call():
                next(self.stream)
                keys.append(self._attribute_name())
            elif self.at_punctuation("[") and self._is_quoted_subscript():
                next(self.stream)
                keys.append(next(self.stream).value)
                next(self.stream)
            else:
                return keys

    def _is_quoted_subscript(self) -> bool:
        return self._follows(("string", None), ("punctuation", "]"))

    def _is_method_call(self) -> bool:
        return self._follows(("name", None), ("punctuation", "("))

    def _follows(self, *expected: tuple[str, str | None]) -> bool:
        """Whether these come after the current token, which stays current."""
        stream = self.stream
        seen = [stream.current]
        matches = True
        for kind, value in expected:
            next(stream)
            seen.append(stream.current)
            matches = stream.current.type == kind and value in (None, stream.current.value)
            if not matches:
                break
        # Put all but the first back, which becomes the current token again.
        for token in seen[1:][::-1]:
            stream._pushed.appendleft(token)
        stream.current = seen[0]
        return matches

    def _attribute_name(self) -> str:
        token = self.stream.current
        if token.type != "name":
            self.fail_here(f"a name is expected after the dot, not {self.describe(token)}")
        next(self.stream)
        return token.value

    def _postfix(self, node: nodes.Expr) -> nodes.Expr:
        while True:
            line = self.stream.current.lineno
            if self.skip_punctuation("["):
                subscript = self.parse_expression()
                self.expect_punctuation("]")
                node = call("subscript", line, node, subscript)
            elif self.skip_punctuation("."):
                name = nodes.Const(self._attribute_name())
                operation = "attribute"
                if self.skip_punctuation("("):
                    operation = "method"
                    if self._items(")"):
                        self.fail_here("method calls with arguments are not available")
                node = call(operation, line, node, name)
            else:
                return node

    def _arguments(self) -> Arguments:
        """After the opening bracket: positional ones first, then `name=value`."""
        positional: list[nodes.Expr] = []
        named: dict[str, nodes.Expr] = {}
        if self.skip_punctuation(")"):
            return positional, named
        while True:
            token = self.stream.current
            if token.type == "name" and self._follows(("punctuation", "=")):
                next(self.stream)
                next(self.stream)
                if token.value in named:
                    self.fail_here(f"the argument '{token.value}' is given twice")
                named[token.value] = self.parse_expression()
            elif named:
                self.fail_here("positional arguments come before named ones")
            else:
                positional.append(self.parse_expression())
            if self.skip_punctuation(")"):
                return positional, named
            self.expect_punctuation(",")

    def _function(self, name: str, line: int) -> nodes.Expr:
        self.expect_punctuation("(")
        arguments = self._arguments()
        self.facts.call_function(name)
        if name == "block":
            return call("block_text", line, *arguments[0][:1])
        callee = FUNCTIONS.get(name)
        if callee is not None:
            return self._bound("run_function", line, callee, (), arguments)
        positional, named = arguments
        pairs = [nodes.Pair(nodes.Const(key), value) for key, value in named.items()]
        return call(
            "call_macro", line, nodes.Const(name), nodes.List(positional), nodes.Dict(pairs)
        )

    def parse_filter(  # type: ignore[override]  # Jinja2's own filters are never parsed
        self, operand: nodes.Expr, start_inline: bool = False
    ) -> nodes.Expr:
        """The filter whose name is the current token, applied to the operand."""
        token = self.stream.current
        if token.type != "name":
            self.fail_here(f"a filter's name is expected, not {self.describe(token)}")
        next(self.stream)
        name = token.value
        arguments: Arguments = self._arguments() if self.skip_punctuation("(") else ([], {})
        callee = FILTERS.get(name)
        self.facts.call_filter(name, arguments[0], arguments[1])
        if callee is None:
            return call("fail", token.lineno, nodes.Const(f"the filter '{name}' does not exist"))
        if name == "className" and _is_integer(operand):
            return nodes.Const("java.lang.Long")
        if name == "default":
            return self._bound("use_default", token.lineno, callee, (operand,), arguments)
        return self._bound("run_filter", token.lineno, callee, (operand,), arguments)

    def parse_predicate(self, operand: nodes.Expr, line: int, *, negated: bool) -> nodes.Expr:
        token = self.stream.current
        if token.type != "name":
            self.fail_here(f"a test's name is expected, not {self.describe(token)}")
        next(self.stream)
        arguments: Arguments = self._arguments() if self.skip_punctuation("(") else ([], {})
        callee = TESTS.get(token.value)
        if token.value == "defined":
            result: nodes.Expr = call("is_defined", line, operand)
        elif callee is None:
            message = f"the test '{token.value}' does not exist"
            result = call("fail", line, nodes.Const(message))
        else:
            result = self._bound("run_test", line, callee, (operand,), arguments)
        return nodes.Not(result) if negated else result

    def _bound(
        self,
        operation: str,
        line: int,
        callee: Callee,
        operands: tuple[nodes.Expr, ...],
        arguments: Arguments,
    ) -> nodes.Expr:
        try:
            bound = callee.bind(*arguments)
        except BindingError as error:
            return call("fail", line, nodes.Const(str(error)))
        filled = [nodes.Const(None) if value is None else value for value in bound]
        return call(operation, line, nodes.Const(callee.name), *operands, *filled)


def _is_integer(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Const) and type(node.value) is int
