"""`kestra plugins …`: which types of tasks and triggers this installation has."""

from pathlib import Path
from typing import Annotated

import typer

from plugins.contracts.model import Plugin
from plugins.registry import Registry, installed_registry, kind_of

app = typer.Typer(help="Look at the installed types.", no_args_is_help=True)


@app.command("list")
def list_types() -> None:
    """Print the name of every type."""
    for name in installed_registry().names():
        typer.echo(name)


@app.command()
def doc(
    target: Annotated[
        str, typer.Argument(help="A type's name, or a folder for a page of each type.")
    ],
) -> None:
    """Print a type's documentation, or write that of all types into a folder."""
    registry = installed_registry()
    if "/" not in target and "." in target.strip("."):
        typer.echo(page_of(registry.get(target)))
        return
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    _write_pages(registry, folder)


def _write_pages(registry: Registry, folder: Path) -> None:
    from rich.console import Console
    from rich.progress import track

    names = registry.names()
    for name in track(names, description="Writing", console=Console(stderr=True), transient=True):
        (folder / f"{name}.md").write_text(page_of(registry.get(name)), encoding="utf-8")
    typer.echo(f"wrote {len(names)} pages to {folder}")


def page_of(found: type[Plugin]) -> str:
    """The type's page in Markdown, from its own words and its schema."""
    schema = found.model_json_schema()
    lines = [f"# {found.type_name}", "", f"A {kind_of(found).words}.", ""]
    lines += [schema.get("description", "").strip(), "", "## Properties", ""]
    required = set(schema.get("required", ()))
    for name, facts in schema.get("properties", {}).items():
        mark = " (required)" if name in required else ""
        lines.append(f"- `{name}`{mark}: {facts.get('description', '').strip()}".rstrip(": "))
    return "\n".join(lines).strip() + "\n"
