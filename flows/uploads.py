"""Files that people upload with flows in them: a YAML file with one or more, or a ZIP archive."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from common.errors import Invalid, TooLarge
from common.yaml import MAX_BYTES

MAX_FILES = 10_000
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_YAML = (".yml", ".yaml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    name: str
    source: str


def read_upload(name: str, content: bytes) -> list[SourceFile]:
    """The YAML files of an upload, told apart by the extension of its name. Raises Invalid."""
    lower = name.lower()
    if lower.endswith(_YAML):
        return [_source_file(name, content)]
    if lower.endswith(".zip"):
        return list(_unpacked(content))
    raise Invalid(f"cannot import '{name}': the file must end in .yml, .yaml or .zip")


def _unpacked(content: bytes) -> Iterator[SourceFile]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise Invalid("the file is not a ZIP archive") from error
    with archive:
        entries = [item for item in archive.infolist() if item.filename.lower().endswith(_YAML)]
        if len(entries) > MAX_FILES:
            raise TooLarge(f"the archive holds more than {MAX_FILES} flows")
        if sum(item.file_size for item in entries) > MAX_UNPACKED_BYTES:
            raise TooLarge(f"the archive unpacks to more than {MAX_UNPACKED_BYTES} bytes")
        for item in entries:
            yield _source_file(item.filename, _content_of(archive, item))


def _content_of(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    """Never more than a flow may have, whatever the archive says about the size."""
    try:
        with archive.open(item) as stream:
            content = stream.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Invalid(f"'{item.filename}' in the archive cannot be read: {error}") from error
    if len(content) > MAX_BYTES:
        raise TooLarge(f"'{item.filename}' has more than {MAX_BYTES} bytes")
    return content


def _source_file(name: str, content: bytes) -> SourceFile:
    try:
        return SourceFile(name, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Invalid(f"'{name}' is not UTF-8 at byte {error.start}") from error
