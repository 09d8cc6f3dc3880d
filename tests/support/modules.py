"""The project's own Python files, for the tests that read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = (
    "common",
    "expressions",
    "storage",
    "plugins",
    "rest",
    "audit",
    "tenants",
    "rbac",
    "secrets/kestra_secrets",
    "flows",
    "executions",
    "ui",
    "kestra_site",
)


@cache
def product_files() -> tuple[Path, ...]:
    """Every module of the product but migrations."""
    return tuple(
        path
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts and "_data" not in path.parts
    )


def files_of_tests() -> Iterator[Path]:
    return iter(sorted((ROOT / "tests").rglob("*.py")))


@cache
def syntax_tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()
