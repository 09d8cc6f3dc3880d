"""Where templates, static files and documents are: beside the code in a checkout, inside
`kestra_site/_data/` when installed from a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent


def data_folder(name: str) -> Path:
    shipped = PACKAGE / "_data" / name
    return shipped if shipped.is_dir() else ROOT / name


TEMPLATES = data_folder("templates")
STATIC = data_folder("static")
DOCS = data_folder("docs")
VITE_MANIFEST = STATIC / "ui" / "manifest.json"
