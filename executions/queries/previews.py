"""What a file holds, as far as a page shows it: rows, text, or a picture."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO

from common import json
from common.errors import Invalid
from executions.queries.files import ExecutionFile

MAX_ROWS = 5_000
MAX_BYTES = 2_000_000
"""Of text and rows; what lies beyond is not read."""
MAX_IMAGE_BYTES = 5_000_000
_IMAGES = frozenset({"png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "ico"})
_MARKDOWN = frozenset({"md", "markdown"})

Rows = Iterable[Any]


def preview_of(file: ExecutionFile, *, max_rows: int, encoding: str = "UTF-8") -> dict[str, Any]:
    """`{extension, type, content, truncated}`, `type` one of LIST, TEXT, MARKDOWN, IMAGE. Raises
    FileMissing, and Invalid for an unknown encoding or a file that does not hold what its name
    says."""
    attributes = file.attributes()
    extension = attributes.name.rpartition(".")[2].lower() if "." in attributes.name else ""
    limit = min(max_rows, MAX_ROWS)
    with file.open() as stream:
        if extension in _IMAGES:
            return _image(extension, stream, attributes.size)
        read = _READERS.get(extension)
        head = stream.read(MAX_BYTES)
    is_cut = attributes.size > len(head)
    if read is not None:
        content, is_more = _rows(extension, read, head, encoding, limit, is_cut=is_cut)
        return _shape(extension, "LIST", content, is_more)
    lines = _decoded(head, encoding, is_cut=is_cut).splitlines(keepends=True)
    kind = "MARKDOWN" if extension in _MARKDOWN else "TEXT"
    return _shape(extension, kind, "".join(lines[:limit]), is_cut or len(lines) > limit)


def _shape(extension: str, kind: str, content: Any, is_truncated: bool) -> dict[str, Any]:
    return {
        "extension": extension,
        "type": kind,
        "content": content,
        "truncated": is_truncated,
    }


def _image(extension: str, stream: BinaryIO, size: int) -> dict[str, Any]:
    if size > MAX_IMAGE_BYTES:
        raise Invalid(f"the picture is larger than {MAX_IMAGE_BYTES} bytes: download it")
    return _shape(extension, "IMAGE", base64.b64encode(stream.read()).decode(), False)


def _rows(
    extension: str,
    read: Callable[[bytes, str, bool], Rows],
    head: bytes,
    encoding: str,
    limit: int,
    *,
    is_cut: bool,
) -> tuple[list[Any], bool]:
    """Rows, and whether there are more. What follows the cut of a large file is not there."""
    try:
        found = list(islice(read(head, encoding, is_cut), limit + 1))
    except (ValueError, csv.Error) as error:
        raise Invalid(f"the file cannot be read as {extension}: {error}") from error
    return found[:limit], is_cut or len(found) > limit


def _decoded(head: bytes, encoding: str, *, is_cut: bool) -> str:
    try:
        text = head.decode(encoding, "replace")
    except LookupError as error:
        raise Invalid(f"encoding: '{encoding[:40]}' is unknown") from error
    return text.rpartition("\n")[0] if is_cut and "\n" in text else text


def _csv_rows(head: bytes, encoding: str, is_cut: bool) -> Iterator[Any]:
    text = _decoded(head, encoding, is_cut=is_cut)
    return iter(csv.DictReader(io.StringIO(text, newline=""), restkey="", restval=None))


def _tsv_rows(head: bytes, encoding: str, is_cut: bool) -> Iterator[Any]:
    text = _decoded(head, encoding, is_cut=is_cut)
    return iter(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", restkey=""))


def _json_lines(head: bytes, encoding: str, is_cut: bool) -> Iterator[Any]:
    for line in _decoded(head, encoding, is_cut=is_cut).splitlines():
        if line.strip():
            yield json.loads(line)


def _ion_rows(head: bytes, encoding: str, is_cut: bool) -> Iterator[Any]:
    from amazon.ion import simpleion  # at first use: it costs start-up time
    from amazon.ion.exceptions import IonException

    try:
        for value in simpleion.load(io.BytesIO(head), single_value=False, parse_eagerly=False):
            yield _plain(value)
    except IonException as error:
        if not is_cut:
            raise ValueError(str(error)) from error


def _plain(value: Any) -> Any:
    """Ion's values as JSON has them."""
    if hasattr(value, "items"):
        return {str(key): _plain(item) for key, item in value.items()}
    if hasattr(value, "sid"):  # a symbol, which is also a tuple
        return value.text
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    type_name = getattr(getattr(value, "ion_type", None), "name", "")
    if type_name == "NULL" or value is None:
        return None
    if type_name == "BOOL":
        return bool(value)
    return value


_READERS: dict[str, Callable[[bytes, str, bool], Rows]] = {
    "csv": _csv_rows,
    "tsv": _tsv_rows,
    "jsonl": _json_lines,
    "ndjson": _json_lines,
    "ion": _ion_rows,
}
