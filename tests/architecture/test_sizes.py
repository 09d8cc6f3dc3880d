"""Nothing is longer than ARCHITECTURE.md allows."""

import ast
from collections.abc import Iterator

from tests.support.modules import name_of, product_files, syntax_tree

FILE_LINES = 500
FUNCTION_LINES = 60
CLASS_LINES = 250


def _longer(kinds: tuple[type[ast.stmt], ...], limit: int) -> Iterator[str]:
    for path in product_files():
        for node in ast.walk(syntax_tree(path)):
            if isinstance(node, kinds):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > limit:
                    name = getattr(node, "name", "")
                    yield f"{name_of(path)}:{node.lineno} {name}: {lines} lines"


def test_no_file_is_too_long() -> None:
    long = [
        name_of(path)
        for path in product_files()
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES
    ]

    assert long == []


def test_no_function_is_too_long() -> None:
    assert list(_longer((ast.FunctionDef, ast.AsyncFunctionDef), FUNCTION_LINES)) == []


def test_no_class_is_too_long() -> None:
    assert list(_longer((ast.ClassDef,), CLASS_LINES)) == []
