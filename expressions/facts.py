"""Gathers, while a template is parsed, what a caller wants to know before it renders."""

from collections.abc import Mapping, Sequence

from jinja2 import nodes

from expressions.filters import FILTERS
from expressions.functions import FUNCTIONS
from expressions.template import Facts, Macro

# These read variables that the text does not name.
_READS_ANYTHING = frozenset(("render", "renderOnce", "printContext", "fetchContext"))
_REPEATS = frozenset("*+{?")


class FactCollector:
    def __init__(self) -> None:
        self._names: set[str] = set()
        self._functions: set[str] = set()
        self._filters: set[str] = set()
        self._outputs: set[str] = set()
        self._reads_any_output = False
        self._is_pure = True
        self.macros: dict[str, Macro] = {}
        self.blocks: dict[str, str] = {}

    def read_variable(self, name: str, first_key: str | None) -> None:
        self._names.add(name)
        if name != "outputs":
            return
        if first_key is None:
            self._reads_any_output = True
        else:
            self._outputs.add(first_key)

    def call_function(self, name: str) -> None:
        self._functions.add(name)
        callee = FUNCTIONS.get(name)
        self._is_pure &= callee is None or callee.is_pure
        self._reads_any_output |= name in _READS_ANYTHING

    def call_filter(
        self, name: str, positional: Sequence[nodes.Expr], named: Mapping[str, nodes.Expr]
    ) -> None:
        self._filters.add(name)
        callee = FILTERS.get(name)
        self._is_pure &= callee is None or callee.is_pure
        if name == "split":
            self._is_pure &= all(map(_is_bounded_pattern, (*positional[:1], *named.values())))
        if name == "replace":
            self._is_pure &= len(positional) == 1 and not named

    def loop(self) -> None:
        """How long a loop takes is known only when it runs."""
        self._is_pure = False

    def result(self, *, is_single_expression: bool) -> Facts:
        return Facts(
            names=frozenset(self._names),
            functions=frozenset(self._functions - self.macros.keys()),
            filters=frozenset(self._filters),
            output_references=None if self._reads_any_output else frozenset(self._outputs),
            is_pure=self._is_pure,
            is_single_expression=is_single_expression,
            macros=self.macros,
            blocks=self.blocks,
        )


def _is_bounded_pattern(node: nodes.Expr) -> bool:
    """A literal pattern that repeats nothing takes time in proportion to the text."""
    if not isinstance(node, nodes.Const):
        return False
    return not isinstance(node.value, str) or not _REPEATS & set(node.value)
