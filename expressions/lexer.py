"""Template text to tokens: marks, white space control, strings with `#{…}`, raw and verbatim.

Stands in for Jinja2's lexer, whose `tokeniter` and `wrap` it overrides."""

import re
from collections.abc import Iterable, Iterator
from typing import Never

from jinja2.exceptions import TemplateSyntaxError
from jinja2.lexer import Lexer, Token

Piece = tuple[int, str, str]

_SPACE = " \t\n\x0b\f\r"
_OPENING = re.compile(r"\{\{|\{%|\{#")
_RAW = re.compile(r"\{%-*\s*raw\s*-*%\}")
_END_RAW = re.compile(r"\{%-*\s*endraw\s*-*%\}")
_VERBATIM = re.compile(r"\{%(?:-(?=\s))?\s*verbatim\s*-?%\}")
_END_VERBATIM = re.compile(r"\{%(-?)\s*endverbatim\s*(-?)%\}")
_COMMENT_END = re.compile(r"(-?)#\}")
_CLOSING = {
    "variable": re.compile(r"(-?)\}\}"),
    "block": re.compile(r"(-?)%\}"),
    "interpolation": re.compile(r"()\}"),
}
_BLANK = re.compile(r"[ \t\n\x0b\f\r]+")
_NUMBER = re.compile(r"(\d+\.\d+)|(\d+)[lL]?", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w*")
_IS_NOT = re.compile(r"is not(?!\w)")
_SYMBOL = re.compile(r"\?\?\?|\?\?|\.\.|==|!=|<=|>=|[<>+\-*/%|~]|[()\[\]{}?:,.=]")
_PUNCTUATION = frozenset("()[]{}?:,.=")
_WORD_OPERATORS = frozenset(("and", "or", "not", "is", "contains", "equals"))
_PAIRS = {")": "(", "]": "[", "}": "{"}
_QUOTE_END = re.compile(r"(?<!\\)'")
_DOUBLE_QUOTE_END = re.compile(r'(?<!\\)"|#\{')


class ExpressionLexer(Lexer):
    """Jinja2 asks it for tokens; the rules are those of `Scanner`."""

    def __init__(self, most_tokens: int) -> None:
        self._most_tokens = most_tokens
        # Jinja2's own rules are not wanted, so its constructor is not called.
        self.newline_sequence = "\n"
        self.keep_trailing_newline = True

    def tokeniter(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> Iterator[Piece]:
        return Scanner(source).tokens()

    def wrap(
        self, stream: Iterable[Piece], name: str | None = None, filename: str | None = None
    ) -> Iterator[Token]:
        for count, (line, kind, value) in enumerate(stream):
            if count > self._most_tokens:
                message = f"the expression has more than {self._most_tokens} parts"
                raise TemplateSyntaxError(message, line)
            yield Token(line, kind, value)


class Scanner:
    """One pass over one source."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self._counted = 0
        self._line = 1
        self._strips_next = False

    @property
    def line(self) -> int:
        self._line += self.source.count("\n", self._counted, self.position)
        self._counted = self.position
        return self._line

    def tokens(self) -> Iterator[Piece]:
        while found := _OPENING.search(self.source, self.position):
            raw = _RAW.match(self.source, found.start())
            after = found.end()
            strips = raw is None and self._is_trim_mark(after)
            yield from self._data(found.start(), strips_end=strips)
            if raw is not None:
                yield from self._raw(raw.end())
            elif verbatim := _VERBATIM.match(self.source, found.start()):
                yield from self._verbatim(verbatim.end())
            elif found.group() == "{#":
                self._comment(after)
            else:
                kind = "variable" if found.group() == "{{" else "block"
                yield self.line, f"{kind}_begin", found.group()
                self.position = after + 1 if strips else after
                yield from self._expression(kind)
        yield from self._data(len(self.source))

    def _is_trim_mark(self, at: int) -> bool:
        return self.source[at : at + 1] == "-" and self.source[at + 1 : at + 2] in tuple(_SPACE)

    def _data(self, end: int, *, strips_end: bool = False) -> Iterator[Piece]:
        text = self.source[self.position : end]
        if self._strips_next:
            text = text.lstrip(_SPACE)
            self._strips_next = False
        if strips_end:
            text = text.rstrip(_SPACE)
        line = self.line
        self.position = end
        if text:
            yield line, "data", text

    def _raw(self, start: int) -> Iterator[Piece]:
        line = self.line
        end = _END_RAW.search(self.source, start)
        if end is None:
            self._fail("a raw block is not closed by endraw", line)
        self.position = end.end()
        yield line, "block_begin", "{%"
        yield line, "name", "raw"
        yield line, "raw_text", self.source[start : end.start()]
        yield line, "block_end", "%}"

    def _verbatim(self, start: int) -> Iterator[Piece]:
        line = self.line
        end = _END_VERBATIM.search(self.source, start)
        if end is None:
            self._fail("a verbatim block is not closed by endverbatim", line)
        text = self.source[start : end.start()].lstrip(_SPACE)
        if end.group(1):
            text = text.rstrip(_SPACE)
        self._strips_next = bool(end.group(2))
        self.position = end.end()
        if text:
            yield line, "data", text

    def _comment(self, start: int) -> None:
        end = _COMMENT_END.search(self.source, start)
        if end is None:
            self._fail("a comment is not closed by #}", self.line)
        self._strips_next = bool(end.group(1))
        self.position = end.end()

    def _expression(self, kind: str) -> Iterator[Piece]:
        """Tokens up to and with the closing mark of a print, a tag or an interpolation."""
        opened_at = self.line
        closing = _CLOSING[kind]
        brackets: list[str] = []
        while True:
            if blank := _BLANK.match(self.source, self.position):
                self.position = blank.end()
            if self.position >= len(self.source):
                self._fail(f"the {kind} that begins at line {opened_at} is not closed", opened_at)
            if not brackets and (end := closing.match(self.source, self.position)):
                line = self.line
                self.position = end.end()
                self._strips_next = bool(end.group(1))
                yield line, f"{kind}_end", end.group()
                return
            yield from self._token(brackets)

    def _token(self, brackets: list[str]) -> Iterator[Piece]:
        source, position, line = self.source, self.position, self.line
        letter = source[position]
        if letter == "'":
            yield self._single_quoted(line)
        elif letter == '"':
            yield from self._double_quoted(line)
        elif found := _NUMBER.match(source, position):
            self.position = found.end()
            kind = "float" if found.group(1) else "integer"
            yield line, kind, found.group(1) or found.group(2)
        elif found := _NAME.match(source, position):
            yield self._word(found, line)
        elif found := _SYMBOL.match(source, position):
            self.position = found.end()
            yield line, self._symbol_kind(found.group(), brackets, line), found.group()
        else:
            self._fail(f"unexpected character '{letter}'", line)

    def _word(self, found: re.Match[str], line: int) -> Piece:
        if is_not := _IS_NOT.match(self.source, self.position):
            found = is_not
        self.position = found.end()
        word = found.group()
        is_operator = word in _WORD_OPERATORS or word == "is not"
        return line, "operator" if is_operator else "name", word

    def _symbol_kind(self, symbol: str, brackets: list[str], line: int) -> str:
        if symbol not in _PUNCTUATION:
            return "operator"
        if symbol in "([{":
            brackets.append(symbol)
        elif symbol in _PAIRS and (not brackets or brackets.pop() != _PAIRS[symbol]):
            self._fail(f"unexpected '{symbol}'", line)
        return "punctuation"

    def _single_quoted(self, line: int) -> Piece:
        end = _QUOTE_END.search(self.source, self.position + 1)
        if end is None:
            self._fail("a string is not closed", line)
        text = self.source[self.position + 1 : end.start()].replace("\\'", "'")
        self.position = end.end()
        return line, "string", text

    def _double_quoted(self, line: int) -> Iterator[Piece]:
        start = self.position + 1
        found = self._quote_or_interpolation(start, line)
        if found.group() == '"':
            self.position = found.end()
            yield line, "string", self._unquoted(start, found)
            return
        yield line, "interpolated_begin", '"'
        while found.group() != '"':
            yield line, "string", self._unquoted(start, found)
            self.position = found.end()
            yield from self._expression("interpolation")
            start = self.position
            found = self._quote_or_interpolation(start, line)
        yield line, "string", self._unquoted(start, found)
        self.position = found.end()
        yield line, "interpolated_end", '"'

    def _quote_or_interpolation(self, start: int, line: int) -> re.Match[str]:
        found = _DOUBLE_QUOTE_END.search(self.source, start)
        if found is None:
            self._fail("a string is not closed", line)
        return found

    def _unquoted(self, start: int, end: re.Match[str]) -> str:
        return self.source[start : end.start()].replace('\\"', '"')

    def _fail(self, message: str, line: int) -> Never:
        raise TemplateSyntaxError(message, line)
