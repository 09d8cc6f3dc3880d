"""Tags to Jinja2's nodes. Bodies that run elsewhere than in place – macros, blocks, filtered
text – become Jinja2 blocks, each a function of its own in the compiled template."""

from collections.abc import Callable
from typing import Any, Never

from jinja2 import nodes
from jinja2.lexer import Token
from jinja2.parser import Parser

from expressions.facts import FactCollector
from expressions.lexer import ExpressionLexer
from expressions.limits import Limits
from expressions.operations import call
from expressions.template import Macro

Statement = nodes.Node | list[nodes.Node]
PLACED = "placed_"
HIDDEN = "hidden_"


class StatementParser(Parser):
    """The tags; `ExpressionParser` brings what stands inside them."""

    facts: FactCollector

    def __init__(self, environment: Any, source: str, limits: Limits) -> None:
        # Jinja2's parser asks its environment for the tokens of an empty source; these are ours.
        super().__init__(environment, "")
        self.stream = ExpressionLexer(limits.tokens).tokenize(source)
        self.limits = limits
        self._bodies = 0
        self._statement_depth = 0
        self._loop_depth = 0
        self._tags: dict[str, Callable[[int], Statement]] = {
            "if": self._if,
            "for": self._for,
            "set": self._set,
            "macro": self._macro,
            "block": self._block,
            "filter": self._filter,
            "raw": self._raw,
        }

    def parse_filter(self, node: nodes.Expr, start_inline: bool = False) -> nodes.Expr:  # type: ignore[override]  # Jinja2's own filters are never parsed
        raise NotImplementedError

    def fail_here(self, message: str) -> Never:
        raise NotImplementedError

    def parse_statement(self) -> Statement:
        token = self.stream.current
        parse = self._tags.get(token.value) if token.type == "name" else None
        if parse is None:
            self.fail_here(f"the tag {self.describe(token)} does not exist here")
        next(self.stream)
        self._statement_depth += 1
        if self._statement_depth > self.limits.statement_nesting:
            self.fail_here(f"tags are nested deeper than {self.limits.statement_nesting} levels")
        result = parse(token.lineno)
        self._statement_depth -= 1
        return result

    def _if(self, line: int) -> nodes.If:
        first = self._branch(line)
        while True:
            token = next(self.stream)
            if token.value == "elseif":
                branch = self._branch(token.lineno)
                first.elif_.append(branch)
                continue
            if token.value == "else":
                first.else_ = self.parse_statements(("name:endif",), drop_needle=True)
            return first

    def _branch(self, line: int) -> nodes.If:
        condition = call("truth", line, self.parse_expression())
        body = self.parse_statements(("name:elseif", "name:else", "name:endif"))
        return nodes.If(condition, body, [], [], lineno=line)

    def _for(self, line: int) -> nodes.For:
        self.facts.loop()
        self._loop_depth += 1
        if self._loop_depth > self.limits.loop_nesting:
            self.fail_here(f"loops are nested deeper than {self.limits.loop_nesting} levels")
        variable = self.declared_name("a loop's variable")
        if not self.stream.current.test("name:in"):
            self.fail_here(f"'in' is expected, not {self.describe(self.stream.current)}")
        next(self.stream)
        turns = call("turns", line, nodes.Const(variable), self.parse_expression())
        body = self.parse_statements(("name:else", "name:endfor"))
        otherwise: list[nodes.Node] = []
        if next(self.stream).value == "else":
            inner = self.parse_statements(("name:endfor",), drop_needle=True)
            otherwise = [nodes.If(call("had_list", line), inner, [], [], lineno=line)]
        self._loop_depth -= 1
        target = nodes.Name("turn", "store")
        return nodes.For(target, turns, body, otherwise, None, False, lineno=line)

    def _set(self, line: int) -> nodes.ExprStmt:
        name = self.declared_name("a variable")
        self.expect_punctuation("=")
        value = self.parse_expression()
        return nodes.ExprStmt(call("assign", line, nodes.Const(name), value), lineno=line)

    def _macro(self, line: int) -> nodes.Block:
        name = self.declared_name("a macro's name")
        if name in self.facts.macros:
            self.fail_here(f"the macro '{name}' is defined twice")
        parameters: list[str] = []
        with_default: set[str] = set()
        defaults: list[nodes.Node] = []
        self.expect_punctuation("(")
        while not self.skip_punctuation(")"):
            if parameters:
                self.expect_punctuation(",")
            parameters.append(self.declared_name("a macro's argument"))
            if self.skip_punctuation("="):
                default = call(
                    "macro_default", line, nodes.Const(parameters[-1]), self.parse_expression()
                )
                with_default.add(parameters[-1])
                defaults.append(nodes.ExprStmt(default, lineno=line))
        body_id = self._new_body(HIDDEN)
        self.facts.macros[name] = Macro(body_id, tuple(parameters), frozenset(with_default))
        body = self._apart(("name:endmacro",))
        self._skip_end_name()
        return nodes.Block(body_id, [*defaults, *body], False, False, lineno=line)

    def _block(self, line: int) -> nodes.Block:
        token = self.stream.current
        if token.type not in ("name", "string"):
            self.fail_here(f"a block's name is expected, not {self.describe(token)}")
        next(self.stream)
        if token.value in self.facts.blocks:
            self.fail_here(f"the block '{token.value}' is defined twice")
        body_id = self._new_body(PLACED)
        self.facts.blocks[token.value] = body_id
        body = self._apart(("name:endblock",))
        self._skip_end_name()
        return nodes.Block(body_id, body, False, False, lineno=line)

    def _filter(self, line: int) -> Statement:
        body_id = self._new_body(HIDDEN)
        result: nodes.Expr = call("body_text", line, nodes.Const(body_id))
        result = self.parse_filter(result)
        while self.stream.current.type == "operator" and self.stream.current.value == "|":
            next(self.stream)
            result = self.parse_filter(result)
        body = self._apart(("name:endfilter",))
        return [
            nodes.Block(body_id, body, False, False, lineno=line),
            nodes.Output([result], lineno=line),
        ]

    def _raw(self, line: int) -> nodes.Output:
        token = self.stream.current
        if token.type != "raw_text":
            self.fail_here("the tag raw takes no arguments")
        next(self.stream)
        return nodes.Output([call("raw", line, nodes.Const(token.value))], lineno=line)

    def _apart(self, end: tuple[str, ...]) -> list[nodes.Node]:
        """A body that becomes a function: loops around it do not count inside."""
        loops, self._loop_depth = self._loop_depth, 0
        body = self.parse_statements(end, drop_needle=True)
        self._loop_depth = loops
        return body

    def _new_body(self, prefix: str) -> str:
        self._bodies += 1
        return f"{prefix}{self._bodies}"

    def _skip_end_name(self) -> None:
        if self.stream.current.type in ("name", "string"):
            next(self.stream)

    def declared_name(self, what: str) -> str:
        token = self.stream.current
        if token.type != "name":
            self.fail_here(f"{what} is expected, not {self.describe(token)}")
        next(self.stream)
        return token.value

    def at_punctuation(self, symbol: str) -> bool:
        token = self.stream.current
        return token.type == "punctuation" and token.value == symbol

    def skip_punctuation(self, symbol: str) -> bool:
        if self.at_punctuation(symbol):
            next(self.stream)
            return True
        return False

    def expect_punctuation(self, symbol: str) -> None:
        if not self.skip_punctuation(symbol):
            self.fail_here(f"'{symbol}' is expected, not {self.describe(self.stream.current)}")

    def describe(self, token: Token) -> str:
        return "the end" if token.type.endswith(("end", "eof")) else f"'{token.value}'"
