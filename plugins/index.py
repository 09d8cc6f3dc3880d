"""Which types a package of plugins holds, and in which module each lives, without importing one.

The module tree is walked and each source read as a syntax tree: a class with a `type_name` is a
type. So the server knows thousands of names at the price of reading some files, once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TypeEntry:
    """Where a type is."""

    name: str
    module: str
    class_name: str
    package: str
    aliases: tuple[str, ...] = ()


def entries_of(package: str) -> Iterator[TypeEntry]:
    """The types in a package and in all packages below it. Raises ModuleNotFoundError."""
    spec = find_spec(package)
    if spec is None:
        raise ModuleNotFoundError(f"the plugin package {package} is not installed", name=package)
    for folder in spec.submodule_search_locations or ():
        root = Path(folder)
        for path in sorted(root.rglob("*.py")):
            yield from _entries_in(path, _module_name(package, root, path), package)


def _module_name(package: str, root: Path, path: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    if parts[-1] == "__init__":
        parts = parts[:-1]
    return ".".join((package, *parts))


def _entries_in(path: Path, module: str, package: str) -> Iterator[TypeEntry]:
    source = path.read_text(encoding="utf-8")
    if "type_name" not in source:
        return
    for node in ast.parse(source, filename=str(path)).body:
        if isinstance(node, ast.ClassDef):
            literals = _literals(node)
            name = literals.get("type_name")
            if isinstance(name, str) and name:
                aliases = literals.get("aliases", ())
                yield TypeEntry(name, module, node.name, package, _texts(aliases))


def _literals(node: ast.ClassDef) -> dict[str, object]:
    """The class's `type_name` and `aliases`, which must be written as literals."""
    found: dict[str, object] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            target, value = statement.targets[0], statement.value
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            target, value = statement.target, statement.value
        else:
            continue
        if isinstance(target, ast.Name) and target.id in {"type_name", "aliases"}:
            found[target.id] = ast.literal_eval(value)
    return found


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, tuple | list) else ()
