"""The front end's packages, and the budget of scripts and styles."""

import json
import re
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def test_versions_of_packages_are_exact() -> None:
    package = json.loads((FRONTEND / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}

    assert [name for name, one in versions.items() if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []


def test_lock_names_no_registry_and_has_a_hash_of_every_package() -> None:
    packages = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    locked = {name: one for name, one in packages.items() if name}

    assert [name for name, one in locked.items() if "resolved" in one] == []
    assert [name for name, one in locked.items() if "integrity" not in one] == []


def test_scripts_and_styles_are_within_the_budget() -> None:
    tool = Path(__file__).resolve().parents[2] / "tools" / "frontend.py"
    done = subprocess.run(
        [sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
