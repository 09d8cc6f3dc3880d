"""What internal storage can answer instead of a file; each is a kind of `common.errors`."""

from common.errors import Conflict, Invalid, Misconfigured, NotFound, TooLarge, Unavailable


class AddressRefused(Invalid):
    """This is not an address of internal storage."""


class FileMissing(NotFound):
    """There is no such file in internal storage."""


class FileInTheWay(Conflict):
    """Something else is already stored at this address."""


class FileTooLarge(TooLarge):
    """The file is larger than the limit."""


class StorageFull(Unavailable):
    """Internal storage is full; free some space and try again."""


class StorageUnavailable(Unavailable):
    """Internal storage does not answer now; try again."""


class StorageMisconfigured(Misconfigured):
    """Internal storage is configured with a value that cannot be used."""
