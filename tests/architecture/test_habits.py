"""Habits that the linters do not check, or not everywhere."""

import ast
import re

from tests.support.modules import ROOT, files_of_tests, name_of, product_files, syntax_tree

# The third is a pattern of dates, too, so it counts in comments only.
_UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|HA" + r"CK)\b|#.*\bXX" + r"X\b")
_SILENCED = re.compile(r"#\s*(?:type:\s*ignore|noqa)\b")
_SILENCED_WITH_REASON = re.compile(r"#\s*(?:type:\s*ignore|noqa).*?(?:\s-\s\S|#\s*\S)")
_DRAWERS = {"utils", "util", "helpers", "helper", "misc", "manager"}


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number} {line.strip()}"
        for path in (*product_files(), *files_of_tests())
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_marked_unfinished() -> None:
    assert _lines_with(_UNFINISHED) == []


def test_every_silenced_check_gives_its_reason() -> None:
    silenced = _lines_with(_SILENCED)

    assert [line for line in silenced if not _SILENCED_WITH_REASON.search(line)] == []


def test_nothing_prints() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]

    assert found == []


def test_only_the_settings_import_everything() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        if "settings" not in path.parts
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    ]

    assert found == []


def test_no_error_is_swallowed() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in product_files()
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"})
        and all(isinstance(line, ast.Pass) for line in node.body)
    ]

    assert found == []


def test_no_module_is_a_drawer() -> None:
    assert [name_of(path) for path in product_files() if path.stem in _DRAWERS] == []


def test_every_module_says_what_it_owns() -> None:
    silent = [
        name_of(path)
        for path in product_files()
        if syntax_tree(path).body and not ast.get_docstring(syntax_tree(path))
    ]

    assert silent == []


def test_every_function_is_typed() -> None:
    untyped = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in product_files()
        for node in ast.walk(syntax_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (node.returns is None and node.name != "__init__") or any(_lacks_a_type(node))
    ]

    assert untyped == []


def _lacks_a_type(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[bool]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return [
        item.annotation is None
        for position, item in enumerate(arguments)
        if not (position == 0 and item.arg in {"self", "cls", "mcs"})
    ]


def test_documents_name_no_workplace() -> None:
    workplace = re.compile(r"/wo" + r"rk/|sha" + r"red/(?:api|seed|conformance)/")
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *product_files()]

    assert [name_of(path) for path in documents if workplace.search(path.read_text())] == []
