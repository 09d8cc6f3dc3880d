"""Writes docs/openapi.yml from the URL tree, or with `--check` says whether it is up to date. A
warning of the generator (two operations of one name, a guessed type) is an error in either case."""

import os
import sys
from pathlib import Path
from typing import Any

import django

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.yml"


class NotDescribed(Exception):
    """The URL tree cannot be described without guessing."""


def render() -> bytes:
    """The document, valid OpenAPI. Raises NotDescribed after the generator has said what it had to
    guess, and jsonschema's ValidationError."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
    os.environ.setdefault("DATABASE_URL", "sqlite://")
    django.setup()
    from drf_spectacular.drainage import GENERATOR_STATS
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiYamlRenderer
    from drf_spectacular.validation import validate_schema

    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    if GENERATOR_STATS:
        GENERATOR_STATS.emit_summary()
        raise NotDescribed("openapi: mend the warnings above: a view must say what was guessed")
    validate_schema(schema)
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={}))


def fault_of(target: Path, rendered: bytes) -> str:
    """Why the file is not what the code says, and what to do; empty if it is."""
    if not target.is_file():
        return f"{target} is missing: run `make openapi` and commit it"
    if target.read_bytes() != rendered:
        return (
            f"{target} is not what the code says: run `make openapi`, look at the diff, commit it"
        )
    return ""


def main(arguments: list[str], target: Path = TARGET) -> int:
    try:
        rendered = render()
    except NotDescribed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if "--check" not in arguments:
        target.write_bytes(rendered)
        sys.stdout.write(f"wrote {target}\n")
        return 0
    fault = fault_of(target, rendered)
    if fault:
        sys.stderr.write(f"{fault}\n")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
