"""Working folders: removed at a clean stop, and by the next worker after a kill."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from executions.worker.folders import PREFIX, WorkerFolder

_HOLD = """
import sys, pathlib
from executions.worker.folders import WorkerFolder
folder = WorkerFolder(pathlib.Path(sys.argv[1]))
(folder.path / "kestra-work").mkdir()
print("ready", flush=True)
sys.stdin.read()
"""


def folders_in(parent: Path) -> list[Path]:
    return list(parent.glob(f"{PREFIX}*"))


def test_a_clean_stop_removes_the_folder(tmp_path):
    folder = WorkerFolder(tmp_path)
    (folder.path / "kestra-work").mkdir()

    folder.remove()

    assert folders_in(tmp_path) == []


def test_a_living_worker_keeps_its_folder(tmp_path):
    first = WorkerFolder(tmp_path)

    second = WorkerFolder(tmp_path)

    assert set(folders_in(tmp_path)) == {first.path, second.path}
    first.remove()
    second.remove()


def test_the_folder_of_a_killed_worker_is_removed_by_the_next(tmp_path):
    root = Path(__file__).parent.parent.parent
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"ready\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait()

    folder = WorkerFolder(tmp_path)

    assert folders_in(tmp_path) == [folder.path]
    folder.remove()
