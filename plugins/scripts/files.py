"""The files of a script task: what is put into its working folder, and what is kept of it."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field

from common.errors import Invalid, KestraError
from common.json import dumps, loads
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Dynamic, PluginPart, Text
from plugins.contracts.run_context import RunContext
from plugins.scripts.globs import has_wildcard, matches

STORAGE_SCHEME = "kestra://"
# What is our own in the working folder and never kept.
OWN = (".tmp", ".kestra", ".script-")


class NamespaceFiles(PluginPart):
    """Which files of the namespace are put into the working folder."""

    enabled: Dynamic[bool] = Field(default=True, description="Whether any are.")
    include: tuple[Text, ...] | Text | None = Field(
        default=None, description="Glob patterns; all files when absent."
    )
    exclude: tuple[Text, ...] | Text | None = Field(
        default=None, description="Glob patterns of files that are left out."
    )
    namespaces: tuple[Text, ...] | None = Field(
        default=None, description="From which namespaces, later ones over earlier ones."
    )
    overwrite: bool | None = Field(default=None, description="Accepted; files are overwritten.")


def put_input_files(
    context: RunContext, folder: Path, files: Any, variables: Mapping[str, Any]
) -> None:
    """`files` maps names to contents or addresses in internal storage; it may be a text that
    renders to such a map in JSON. Raises TaskFailed."""
    for name, content in _rendered_map(context, files, variables).items():
        if content is None:
            continue
        target = place_in(folder, str(name))
        if isinstance(content, str) and content.strip().startswith(STORAGE_SCHEME):
            _copy(context, content.strip(), target, name)
        else:
            text = content if isinstance(content, str) else dumps(content)
            target.write_text(text, encoding="utf-8", newline="")


def put_namespace_files(context: RunContext, folder: Path, wanted: NamespaceFiles | None) -> None:
    if wanted is None or not _flag(context.render(wanted.enabled, typed=True)):
        return
    include = tuple(rendered_patterns(context, wanted.include, {}))
    exclude = tuple(rendered_patterns(context, wanted.exclude, {}))
    for namespace in wanted.namespaces or (None,):
        name = context.render(namespace) if namespace is not None else None
        found = context.files.namespace_files(namespace=name, include=include, exclude=exclude)
        for path, opener in found:
            with opener() as source, place_in(folder, path).open("wb") as target:
                shutil.copyfileobj(source, target)


def keep_output_files(
    context: RunContext,
    folder: Path,
    patterns: Sequence[str],
    output_folder: Path | None = None,
) -> dict[str, str]:
    """Addresses by name: what the patterns select in the working folder, and all of the folder
    `outputDir`."""
    kept = {}
    selected = set()
    for path in sorted(_files_below(folder)) if patterns else ():
        name = path.relative_to(folder).as_posix()
        if matches(name, patterns):
            selected.add(name)
            kept[name] = _store(context, path, name)
    if output_folder is not None:
        for path in sorted(_files_below(output_folder, ())):
            name = path.relative_to(output_folder).as_posix()
            kept[name] = _store(context, path, name)
    for pattern in patterns:
        if not has_wildcard(pattern) and not any(matches(name, [pattern]) for name in selected):
            context.logger.warning(f"There is no file '{pattern}' among the output files")
    return kept


def rendered_patterns(
    context: RunContext, patterns: Any, variables: Mapping[str, Any]
) -> list[str]:
    """Patterns from a list, a single text, or a text that renders to a JSON list."""
    if patterns is None:
        return []
    rendered = context.render(patterns, variables=variables)
    if isinstance(rendered, str):
        text = rendered.strip()
        rendered = _json(text, "outputFiles") if text.startswith("[") else [text]
    return [str(pattern) for pattern in rendered if pattern not in (None, "")]


def place_in(folder: Path, name: str) -> Path:
    """The path of a file below `folder`, whose folders are made. Raises TaskFailed for a name
    that leads elsewhere."""
    base = folder.resolve()
    target = base / name.lstrip("/")
    if not target.resolve().is_relative_to(base) or target.resolve() == base:
        raise TaskFailed(f"'{name}' is not a place in the working folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _rendered_map(
    context: RunContext, files: Any, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    if files is None:
        return {}
    rendered = context.render(files, variables=variables)
    if isinstance(rendered, str):
        rendered = _json(rendered, "inputFiles") if rendered.strip() else {}
    if not isinstance(rendered, Mapping):
        raise TaskFailed("inputFiles must be a map of file names to contents or addresses")
    return rendered


def _json(text: str, name: str) -> Any:
    try:
        return loads(text)
    except ValueError as error:
        raise TaskFailed(f"{name} renders to a text that is not valid JSON: {error}") from error


def _copy(context: RunContext, uri: str, target: Path, name: object) -> None:
    try:
        with context.files.open(uri) as source, target.open("wb") as sink:
            shutil.copyfileobj(source, sink)
    except KestraError as error:
        raise TaskFailed(f"The input file '{name}' cannot be read: {error}") from error


def _files_below(folder: Path, own: tuple[str, ...] = OWN) -> Iterator[Path]:
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if own and entry.name.startswith(own):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_below(Path(entry.path), ())
            elif entry.is_file():
                yield Path(entry.path)


def _store(context: RunContext, path: Path, name: str) -> str:
    try:
        return context.files.store(path, name)
    except Invalid as error:
        raise TaskFailed(f"The output file '{name}' cannot be stored: {error}") from error


def _flag(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).strip().lower() == "true"
