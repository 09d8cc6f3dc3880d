"""Failures of the surroundings as one sentence: a full disk, a database that is not there."""

import errno
import sys
from typing import Any


def explain_failure(error: BaseException) -> str | None:
    """The sentence, or None when it is a fault of our own that deserves its traceback."""
    if isinstance(error, OSError):
        return _explain_system_error(error)
    database = _database_errors()
    if database and isinstance(error, database):
        return _explain_database_error(error)
    return None


def _database_errors() -> tuple[type[BaseException], ...]:
    """Without importing Django for commands that never did."""
    module: Any = sys.modules.get("django.db")
    return (module.OperationalError, module.InterfaceError) if module else ()


def _explain_system_error(error: OSError) -> str | None:
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk is full{where}: free some space and start again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"not allowed to write or read{where}: {error.strerror}"
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR):
        return f"{error.strerror}{where}"
    return None


def _explain_database_error(error: BaseException) -> str:
    from kestra_site.config import current_configuration

    reason = str(error).strip().split("\n")[0]
    if "disk is full" in reason:
        return "the disk is full: the database cannot write; free some space and start again"
    return f"the database at {current_configuration().database.place} cannot be used: {reason}"
