"""A short run of `make chaos`, so that it does not rot between the long ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 12
_ENOUGH = 150


@pytest.mark.redis
@pytest.mark.usefixtures("postgres_server")
def test_nothing_is_lost_while_processes_die(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "chaos", "--seconds", str(_SECONDS), "--seed", "1"]

    done = subprocess.run(
        [*command, "--rate", "5", "--keep", str(tmp_path / "run")],
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        timeout=_ENOUGH,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "clean: no violations" in done.stdout
