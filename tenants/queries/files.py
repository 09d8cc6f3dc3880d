"""Reading namespace files, out of internal storage."""

import tempfile
import zipfile
from collections.abc import Sequence
from typing import IO, BinaryIO, cast

from common.errors import TooLarge
from common.tenancy import current_tenant
from storage import layout
from storage.addresses import Address
from storage.contract import FileAttributes, Storage
from storage.errors import FileMissing
from storage.streams import CHUNK, chunks_of
from tenants.errors import RevisionNotFound
from tenants.limits import MAX_EXPORT_BYTES, MAX_LISTED_FILES
from tenants.models import FileRevision
from tenants.models.file_revision import digest_of
from tenants.names import check_namespace_id
from tenants.storages import storage_of

_KEPT_IN_MEMORY = 4 * CHUNK


def open_file(
    *, namespace: str, path: str, revision: int | None = None
) -> tuple[BinaryIO, FileAttributes]:
    """A file as a stream, to be closed by the caller. Raises FileMissing, RevisionNotFound."""
    storage, address = _place(namespace, path)
    tenant = current_tenant()
    if revision is not None and revision != _newest(namespace, address):
        older = layout.namespace_file_revision(namespace, _plain(namespace, address), revision)
        if not storage.exists(tenant, older):
            raise RevisionNotFound(f"The file '{path}' has no revision {revision}")
        address = older
    found = storage.attributes(tenant, address)
    if found.is_directory:
        raise FileMissing(f"{found.uri} is a folder, not a file", uri=found.uri)
    return storage.get(tenant, address), found


def directory_of(*, namespace: str, path: str = "") -> Sequence[FileAttributes]:
    """What lies directly in a folder. Raises FileMissing; the namespace's own is always there."""
    storage, address = _place(namespace, path)
    is_root = address == layout.namespace_files_folder(namespace)
    if is_root and not storage.exists(current_tenant(), address):
        return []
    children = storage.list(current_tenant(), address)
    if len(children) > MAX_LISTED_FILES:
        raise TooLarge(f"The folder holds more than {MAX_LISTED_FILES} files")
    return children


def file_attributes(*, namespace: str, path: str = "") -> FileAttributes:
    """Raises FileMissing."""
    storage, address = _place(namespace, path)
    return storage.attributes(current_tenant(), address)


def search_files(*, namespace: str, q: str = "") -> list[str]:
    """Paths of files, with a leading slash, that hold the text, whatever the case."""
    storage, root = _place(namespace, "")
    wanted = q.casefold()
    found: list[str] = []
    for item in storage.walk(current_tenant(), root):
        path = f"/{Address.parse(item.uri).relative_to(root)}"
        if not item.is_directory and wanted in path.casefold():
            found.append(path)
        if len(found) >= MAX_LISTED_FILES:
            break
    return found


def file_revisions(*, namespace: str, path: str) -> list[int]:
    """The numbers of the revisions that are kept, oldest first. Raises FileMissing."""
    storage, address = _place(namespace, path)
    storage.size(current_tenant(), address)
    rows = FileRevision.objects.filter(
        namespace=namespace, path_digest=digest_of(_plain(namespace, address))
    )
    return list(rows.order_by("revision").values_list("revision", flat=True)) or [1]


def export_of(*, namespace: str) -> IO[bytes]:
    """All files of a namespace as a ZIP archive, to be closed by the caller."""
    storage, root = _place(namespace, "")
    archive = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY))  # noqa: SIM115  # the caller closes it
    try:
        _fill_archive(archive, storage, root)
    except BaseException:
        archive.close()
        raise
    archive.seek(0)
    return archive


def _fill_archive(archive: IO[bytes], storage: Storage, root: Address) -> None:
    count = total = 0
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for item in storage.walk(current_tenant(), root):
            if item.is_directory:
                continue
            count, total = count + 1, total + item.size
            if count > MAX_LISTED_FILES or total > MAX_EXPORT_BYTES:
                raise TooLarge(
                    f"More than {MAX_LISTED_FILES} files or {MAX_EXPORT_BYTES} bytes "
                    "cannot be exported at once"
                )
            address = Address.parse(item.uri)
            with (
                storage.get(current_tenant(), address) as source,
                packed.open(address.relative_to(root), "w") as target,
            ):
                for chunk in chunks_of(source):
                    target.write(chunk)


def _place(namespace: str, path: str) -> tuple[Storage, Address]:
    check_namespace_id(namespace, path="namespace")
    address = layout.namespace_file(namespace, path)
    return storage_of(tenant=current_tenant(), namespace=namespace), address


def _plain(namespace: str, address: Address) -> str:
    return address.relative_to(layout.namespace_files_folder(namespace))


def _newest(namespace: str, address: Address) -> int:
    rows = FileRevision.objects.filter(
        namespace=namespace, path_digest=digest_of(_plain(namespace, address))
    )
    return rows.order_by("-revision").values_list("revision", flat=True).first() or 1
