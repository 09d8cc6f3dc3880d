"""Writes docs/openapi.yml from the URL tree, or with `--check` says whether it is up to date."""

import os
import sys
from pathlib import Path

import django

TARGET = Path(__file__).resolve().parent.parent / "docs" / "openapi.yml"


def render() -> bytes:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
    os.environ["DATABASE_URL"] = "sqlite://"
    django.setup()
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiYamlRenderer

    schema = SchemaGenerator().get_schema(request=None, public=True)
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={}))


def main() -> int:
    rendered = render()
    if "--check" not in sys.argv:
        TARGET.write_bytes(rendered)
        print(f"wrote {TARGET}")
        return 0
    if not TARGET.is_file():
        print("there is no docs/openapi.yml to compare with; `make openapi` writes it")
        return 0
    if TARGET.read_bytes() != rendered:
        print("docs/openapi.yml is not what the code says: run `make openapi` and look at the diff")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
