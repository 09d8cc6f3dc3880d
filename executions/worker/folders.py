"""Where the attempts of a worker have their working folders. A worker that was killed leaves its
own behind; the next one on the machine removes it."""

from __future__ import annotations

import fcntl
import logging
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

log = logging.getLogger("kestra.worker")

PREFIX = "kestra-worker-"
_LOCK = ".lock"
# A folder without a lock that is younger than this is being made just now.
_YOUNG_SECONDS = 60.0


class WorkerFolder:
    """One for each worker, held by a lock on a file in it for as long as the process lives."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(parent)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        self._lock = (self.path / _LOCK).open("w", encoding="ascii")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def remove(self) -> None:
        """At a clean stop."""
        self._lock.close()
        shutil.rmtree(self.path, onerror=say_what_stays)


def remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            log.info("worker: removes %s, which a killed worker left behind", folder)
            shutil.rmtree(folder, onerror=say_what_stays)


def _is_abandoned(folder: Path) -> bool:
    try:
        with (folder / _LOCK).open("r+", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return folder.exists() and time.time() - folder.stat().st_mtime > _YOUNG_SECONDS


def say_what_stays(function: Any, path: str, reason: Any) -> None:
    """For `shutil.rmtree`."""
    log.warning("worker: %s could not be removed: %s", path, reason[1])
