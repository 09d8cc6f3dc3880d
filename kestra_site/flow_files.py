"""Flow files on this machine: finding them, reading them, splitting their documents."""

import re
from pathlib import Path

from common.errors import BadRequest

_SUFFIXES = (".yaml", ".yml")
_DIVIDER = re.compile(r"^---[ \t]*\n", re.MULTILINE)


def flow_files(path: Path) -> list[Path]:
    """The file itself, or all YAML files in the folder and below it."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise BadRequest(f"{path} does not exist")
    return sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and file.is_file())


def read_flow_sources(path: Path) -> list[tuple[Path, str]]:
    """Every flow's source with its file. Raises BadRequest when there is none."""
    sources = [
        (file, document.strip() + "\n")
        for file in flow_files(path)
        for document in _DIVIDER.split(file.read_text(encoding="utf-8"))
        if document.strip()
    ]
    if not sources:
        raise BadRequest(f"{path} holds no flow: expected files that end with .yaml or .yml")
    return sources


def join_sources(sources: list[tuple[Path, str]]) -> str:
    return "---\n".join(source for _, source in sources)
