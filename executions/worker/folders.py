"""Where the attempts of a worker have their working folders. A worker that was killed leaves its
own behind; the next one on the machine removes it."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

log = logging.getLogger("kestra.worker")

PREFIX = "kestra-worker-"
_LOCK = ".lock"
_PROC = Path("/proc")
# A folder without a lock that is younger than this is being made just now.
_YOUNG_SECONDS = 60.0


class WorkerFolder:
    """One for each worker, held by a lock on a file in it for as long as the process lives."""

    def __init__(self, parent: Path) -> None:
        parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(parent)
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        # locked before it has its name: nobody takes the folder for an abandoned one
        made = self.path / f"{_LOCK}.new"
        self._lock = made.open("w", encoding="ascii")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        made.rename(self.path / _LOCK)

    def remove(self) -> None:
        """At a clean stop."""
        self._lock.close()
        shutil.rmtree(self.path, onerror=say_what_stays)


def remove_abandoned(parent: Path) -> None:
    for folder in parent.glob(f"{PREFIX}*"):
        if _is_abandoned(folder):
            log.info("worker: removes %s, which a killed worker left behind", folder)
            for pid in _processes_in(folder):
                log.warning("worker: ends the process %s, which still ran in it", pid)
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            shutil.rmtree(folder, onerror=say_what_stays)


def _processes_in(folder: Path) -> Iterator[int]:
    """Scripts outlive a worker that was killed: their working folder stands in their
    environment."""
    wanted = f"={folder}/".encode()
    for entry in _PROC.iterdir() if _PROC.is_dir() else ():
        try:
            if entry.name.isdigit() and wanted in (entry / "environ").read_bytes():
                yield int(entry.name)
        except OSError:  # it has ended, or is another user's
            continue


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
