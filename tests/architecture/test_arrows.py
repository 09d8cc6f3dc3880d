"""What may import what; the contracts are in pyproject.toml."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.support.modules import PACKAGES, ROOT


def test_imports_point_down() -> None:
    program = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_every_package_is_in_the_contracts_and_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    linted = project["tool"]["importlinter"]["root_packages"]
    shipped = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

    assert sorted(shipped) == sorted(PACKAGES)
    assert sorted(linted) == sorted(name.rpartition("/")[2] for name in PACKAGES)
