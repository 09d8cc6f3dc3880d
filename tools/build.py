"""Builds the wheel and the source archive into dist/ and checks what the wheel holds."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
MUST_HOLD = (
    "kestra_secrets/__init__.py",
    "kestra_site/_data/templates/",
    "kestra_site/_data/templates/base.html",
    "kestra_site/_data/static/ui/manifest.json",
    "kestra_site/_data/static/ui/icons.json",
    "kestra_site/_data/static/ui/assets/main-",
    "kestra_site/_data/docs/",
    "common/errors.py",
    "plugins/registry.py",
)
MUST_NOT_HOLD = (
    "secrets/",
    "tests/",
    "tools/",
    "audit/tests",
    "data/",
    "frontend/",
    "kestra_site/_data/docs/screenshots/",
)


def build_wheel(folder: Path) -> Path:
    """The wheel in that folder, made by the build back end of pyproject.toml."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return max(folder.glob("*.whl"), key=lambda path: path.stat().st_mtime)


def faults_of(wheel: Path) -> list[str]:
    names = zipfile.ZipFile(wheel).namelist()
    missing = [
        f"{wheel.name} lacks {wanted}"
        for wanted in MUST_HOLD
        if not any(name.startswith(wanted) for name in names)
    ]
    surplus = [
        f"{wheel.name} holds {name}"
        for name in names
        if name.startswith(MUST_NOT_HOLD) or "__pycache__" in name
    ]
    return missing + surplus


def main() -> int:
    wheel = build_wheel(DIST)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(DIST)],
        cwd=ROOT,
        check=True,
    )
    faults = faults_of(wheel)
    print("\n".join(faults) or f"built {wheel}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
