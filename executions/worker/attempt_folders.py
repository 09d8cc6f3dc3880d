"""The working folder of one attempt: made with the folders that its task wants to find in it, and
removed. A script costs little more than these, so the way back is the way there where nothing was
left in them."""

from __future__ import annotations

import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from executions.worker.folders import say_what_stays


def make_folder(parent: Path, layout: tuple[str, ...]) -> Path:
    """A new one, empty but for the empty folders of `layout`."""
    parent.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="kestra-", dir=parent))
    for name in _with_parents(layout):
        os.mkdir(path / name, 0o700)  # noqa: PTH102  # as tight as the folder itself
    return path


def remove_folder(path: Path, layout: tuple[str, ...]) -> None:
    """With all that is in it; what cannot be removed is said, and left."""
    try:
        for name in reversed(_with_parents(layout)):
            os.rmdir(f"{path}/{name}")  # noqa: PTH106  # texts are quicker
        os.rmdir(path)  # noqa: PTH106  # the same
    except OSError:  # there is something in it, or it has been changed
        shutil.rmtree(path, onerror=say_what_stays)


@lru_cache(maxsize=64)
def _with_parents(layout: tuple[str, ...]) -> tuple[str, ...]:
    """Each after the one that it is in."""
    found: set[str] = set()
    for name in layout:
        parts = name.split("/")
        found.update("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return tuple(sorted(found))
