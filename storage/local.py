"""Internal storage in a folder of this machine (or a mounted one): a folder for each tenant.

A file is written beside the tenants' folders, flushed to the disk and renamed into place, so that
no reader ever sees half of it. Metadata, where there is any, stands in a second file beside the
first."""

import contextlib
import errno
import os
import shutil
import stat as status
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from common.json import dump_bytes, loads
from storage.addresses import Address
from storage.contract import NO_METADATA, FileAttributes, FileKind, Storage
from storage.errors import (
    AddressRefused,
    FileInTheWay,
    FileMissing,
    StorageFull,
    StorageMisconfigured,
    StorageUnavailable,
)

METADATA_SUFFIX = ".kestra-metadata"
_WORK_FOLDER = "_work"  # no tenant's id begins with an underscore
_ABANDONED_AFTER = 24 * 3600.0
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TAKEN = frozenset({errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY})


class LocalConfiguration(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    base_path: Path = Field(
        validation_alias=AliasChoices("base-path", "basePath", "base_path"),
        description="The folder that holds all files.",
    )


class LocalStorage(Storage):
    """Files in a folder. Needs a file system with atomic rename; follows no symbolic links."""

    type: ClassVar[str] = "local"

    def __init__(self, base_path: Path) -> None:
        try:
            base_path.mkdir(parents=True, exist_ok=True)
            self._base = base_path.resolve(strict=True)
            (self._base / _WORK_FOLDER).mkdir(exist_ok=True)
            self._sweep()
        except OSError as error:
            raise StorageMisconfigured(
                f"The folder of internal storage {base_path} cannot be used: {error.strerror}"
            ) from error

    @classmethod
    def from_configuration(cls, configuration: Mapping[str, Any]) -> Self:
        try:
            return cls(LocalConfiguration.model_validate(configuration).base_path)
        except ValidationError as error:
            raise StorageMisconfigured(
                "Storage of type local needs base-path: the folder that holds all files"
            ) from error

    def _write(
        self, tenant: str, address: Address, chunks: Iterator[bytes], metadata: dict[str, str]
    ) -> None:
        with self._plain_errors(address):
            target = self._path(tenant, address)
            if target.is_dir():
                raise FileInTheWay(f"{address} is a folder", uri=str(address))
            work = self._written(chunks)
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                # First the metadata: the file's own rename is what makes both count.
                self._write_metadata(target, metadata)
                work.replace(target)
            except OSError:
                work.unlink(missing_ok=True)
                raise
            _flush_folder(target.parent)

    def _open(self, tenant: str, address: Address) -> BinaryIO:
        with self._plain_errors(address):
            return _opened(self._path(tenant, address), address)

    def _attributes(self, tenant: str, address: Address) -> FileAttributes | None:
        with self._plain_errors(address):
            path = self._path(tenant, address)
            if address.is_root:
                path.mkdir(parents=True, exist_ok=True)
            return _described(path, address)

    def _children(self, tenant: str, address: Address) -> list[FileAttributes] | None:
        with self._plain_errors(address):
            path = self._path(tenant, address)
            if address.is_root:
                path.mkdir(parents=True, exist_ok=True)
            if not path.is_dir():
                return None
            found = (
                _described(child, Address((*address.segments, child.name)))
                for child in path.iterdir()
                if not child.name.endswith(METADATA_SUFFIX)
            )
            return [attributes for attributes in found if attributes]

    def _move(self, tenant: str, source: Address, target: Address) -> None:
        with self._plain_errors(target):
            origin, goal = self._path(tenant, source), self._path(tenant, target)
            goal.parent.mkdir(parents=True, exist_ok=True)
            metadata = _metadata_path(origin)
            origin.rename(goal)
            if metadata.exists():
                metadata.replace(_metadata_path(goal))
            _flush_folder(goal.parent)

    def _delete(self, tenant: str, address: Address) -> bool:
        with self._plain_errors(address):
            path = self._path(tenant, address)
            if path.is_dir():
                raise AddressRefused(f"{address} is a folder, not a file", uri=str(address))
            _metadata_path(path).unlink(missing_ok=True)
            try:
                path.unlink()
            except (FileNotFoundError, NotADirectoryError):
                return False
            return True

    def _delete_prefix(self, tenant: str, address: Address) -> int:
        with self._plain_errors(address):
            path = self._path(tenant, address)
            if not path.is_dir():
                return int(self._delete(tenant, address))
            # Renamed away first, so that nobody sees a folder that is half gone.
            doomed = Path(tempfile.mkdtemp(dir=self._base / _WORK_FOLDER)) / "deleted"
            path.rename(doomed)
            count = sum(
                not name.endswith(METADATA_SUFFIX)
                for _, _, names in os.walk(doomed)
                for name in names
            )
            shutil.rmtree(doomed.parent)
            return count

    def _make_directory(self, tenant: str, address: Address) -> None:
        with self._plain_errors(address):
            self._path(tenant, address).mkdir(parents=True, exist_ok=True)

    def _path(self, tenant: str, address: Address) -> Path:
        """Where an address lies. Raises AddressRefused if a symbolic link is on the way."""
        if any(name.endswith(METADATA_SUFFIX) for name in address.segments):
            raise AddressRefused(f"A name may not end with {METADATA_SUFFIX}", uri=str(address))
        path = self._base.joinpath(tenant, *address.segments)
        if path.is_symlink() or Path(os.path.realpath(path)) != path:
            raise AddressRefused(f"{address} leads through a symbolic link", uri=str(address))
        return path

    def _written(self, chunks: Iterator[bytes]) -> Path:
        """A new file in the work folder with all chunks in it, on the disk."""
        number, name = tempfile.mkstemp(dir=self._base / _WORK_FOLDER)
        work = Path(name)
        try:
            with os.fdopen(number, "wb") as stream:
                for chunk in chunks:
                    stream.write(chunk)
                stream.flush()
                os.fsync(stream.fileno())
        except BaseException:
            work.unlink(missing_ok=True)
            raise
        return work

    def _write_metadata(self, target: Path, metadata: dict[str, str]) -> None:
        place = _metadata_path(target)
        if metadata:
            self._written(iter([dump_bytes(metadata)])).replace(place)
        else:
            place.unlink(missing_ok=True)

    def _sweep(self) -> None:
        """Remove what a process that died in the middle of a write left behind."""
        oldest = time.time() - _ABANDONED_AFTER
        for path in (self._base / _WORK_FOLDER).iterdir():
            with contextlib.suppress(FileNotFoundError):  # another process sweeps too
                if path.lstat().st_mtime >= oldest:
                    continue
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    @contextlib.contextmanager
    def _plain_errors(self, address: Address) -> Iterator[None]:
        """What the operating system says, in the words of `storage.errors`."""
        try:
            yield
        except FileNotFoundError as error:
            raise FileMissing(f"There is no file at {address}", uri=str(address)) from error
        except OSError as error:
            raise self._translated(error, address) from error

    def _translated(self, error: OSError, address: Address) -> Exception:
        if error.errno in _FULL:
            return StorageFull(f"Internal storage is full: free some space below {self._base}")
        if error.errno in _TAKEN:
            return FileInTheWay(f"A file or folder is in the way of {address}", uri=str(address))
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
            return AddressRefused(f"{address} cannot be stored: {error.strerror}", uri=str(address))
        return StorageUnavailable(f"Internal storage failed for {address}: {error.strerror}")


def _opened(path: Path, address: Address) -> BinaryIO:
    # Without O_NONBLOCK a named pipe that somebody put there would hold us for ever.
    number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not status.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise FileMissing(f"{address} is not a file", uri=str(address))
    return os.fdopen(number, "rb")


def _described(path: Path, address: Address) -> FileAttributes | None:
    """Nothing for what is neither a file nor a folder, or is just being deleted."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    is_folder = status.S_ISDIR(found.st_mode)
    if not is_folder and not status.S_ISREG(found.st_mode):
        return None
    return FileAttributes(
        uri=str(address),
        name=address.name,
        kind=FileKind.DIRECTORY if is_folder else FileKind.FILE,
        size=0 if is_folder else found.st_size,
        created=datetime.fromtimestamp(min(found.st_ctime, found.st_mtime), UTC),
        modified=datetime.fromtimestamp(found.st_mtime, UTC),
        metadata=NO_METADATA if is_folder else _read_metadata(path),
    )


def _read_metadata(path: Path) -> Mapping[str, str]:
    try:
        found: dict[str, str] = loads(_metadata_path(path).read_bytes())
    except FileNotFoundError:
        return NO_METADATA
    return found


def _metadata_path(path: Path) -> Path:
    return path.with_name(path.name + METADATA_SUFFIX)


def _flush_folder(folder: Path) -> None:
    """A rename is on the disk once its folder is."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
