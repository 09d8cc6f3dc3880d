"""Operators: precedence climbs as in Pebble. Expressions become calls of the operations that the
code generator writes out; operands are in `operands`, tags in `statements`."""

from collections.abc import Callable
from typing import Any, Never

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from expressions.facts import FactCollector
from expressions.limits import Limits
from expressions.operands import OperandParser
from expressions.operations import call

RANKS = {
    "or": 10, "and": 15,
    "is": 20, "is not": 20, "contains": 20,
    "==": 30, "equals": 30, "!=": 30, "<": 30, ">": 30, "<=": 30, ">=": 30,
    "+": 40, "-": 40, "*": 60, "/": 60, "%": 60,
    "|": 100, "~": 110, "..": 120, "??": 120, "???": 120,
}  # fmt: skip
UNARY_RANK = 500
_UNARY = {"not": "negate", "-": "minus", "+": "plus"}
# Runs of these become one call with many operands, so that long chains do not nest.
_CHAINED = {
    "or": "any_of",
    "and": "all_of",
    "~": "join_texts",
    "??": "coalesce",
    "???": "if_undefined",
}
_PAIRED = {
    "==": "equal", "equals": "equal", "!=": "not_equal", "contains": "contains", "..": "range_of",
    "<": "less", ">": "greater", "<=": "at_most", ">=": "at_least",
}  # fmt: skip


class ExpressionParser(OperandParser):
    """Parses one source; `facts` gathers what it saw."""

    def __init__(self, environment: Any, source: str, limits: Limits) -> None:
        super().__init__(environment, source, limits)
        self.facts = FactCollector()
        self._depth = 0

    def parse_tuple(self, *arguments: Any, **options: Any) -> nodes.Expr:
        return self.parse_expression()

    def parse_expression(self, with_condexpr: bool = True) -> nodes.Expr:
        condition = self.parse_rank(0)
        if not self.skip_punctuation("?"):
            return condition
        line = self.stream.current.lineno
        chosen = self.nested(self.parse_expression)
        self.expect_punctuation(":")
        other = self.nested(self.parse_expression)
        return nodes.CondExpr(call("choice", line, condition), chosen, other, lineno=line)

    def nested(self, parse: Callable[[], nodes.Expr]) -> nodes.Expr:
        self._depth += 1
        if self._depth > self.limits.nesting:
            self.fail_here(f"the expression is nested deeper than {self.limits.nesting} levels")
        result = parse()
        self._depth -= 1
        return result

    def parse_rank(self, lowest: int) -> nodes.Expr:
        left = self.nested(self._operand)
        while True:
            token = self.stream.current
            operator = token.value
            if token.type != "operator" or RANKS.get(operator, -1) < lowest:
                return left
            if operator == "|":
                next(self.stream)
                left = self.parse_filter(left)
            elif operator in ("is", "is not"):
                next(self.stream)
                left = self.parse_predicate(left, token.lineno, negated=operator == "is not")
            else:
                left = self._binary(left, operator, token.lineno)

    def _binary(self, left: nodes.Expr, operator: str, line: int) -> nodes.Expr:
        rank = RANKS[operator]
        if rank in (40, 60):
            return self._arithmetic(left, rank, line)
        if operator in _PAIRED:
            next(self.stream)
            return call(_PAIRED[operator], line, left, self.parse_rank(rank + 1))
        operands = [left]
        while self.stream.current.type == "operator" and self.stream.current.value == operator:
            next(self.stream)
            operands.append(self.parse_rank(rank + 1))
        if operator in ("or", "and"):
            operands = [call("truth", line, operand) for operand in operands]
        return call(_CHAINED[operator], line, *operands)

    def _arithmetic(self, left: nodes.Expr, rank: int, line: int) -> nodes.Expr:
        parts = [left]
        while True:
            token = self.stream.current
            if token.type != "operator" or RANKS.get(token.value) != rank:
                return call("calculate", line, *parts)
            next(self.stream)
            parts += [nodes.Const(token.value), self.parse_rank(rank + 1)]

    def _operand(self) -> nodes.Expr:
        token = self.stream.current
        if token.type == "operator" and token.value in _UNARY:
            next(self.stream)
            operand = self.parse_rank(UNARY_RANK)
            return call(_UNARY[token.value], token.lineno, operand)
        if self.skip_punctuation("("):
            inner = self.parse_expression()
            self.expect_punctuation(")")
            return self._postfix(inner)
        return self.parse_primary()

    def fail_here(self, message: str) -> Never:
        raise TemplateSyntaxError(message, self.stream.current.lineno)
