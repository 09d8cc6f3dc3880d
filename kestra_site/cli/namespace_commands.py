"""`kestra namespace …`: files and values of a namespace on a running server."""

from pathlib import Path
from typing import Annotated

import typer

from common.errors import BadRequest
from kestra_site.cli.client import Client, client_command

app = typer.Typer(help="Manage what belongs to a namespace.", no_args_is_help=True)
files_app = typer.Typer(help="Namespace files.", no_args_is_help=True)
kv_app = typer.Typer(help="The key-value store.", no_args_is_help=True)
app.add_typer(files_app, name="files")
app.add_typer(kv_app, name="kv")

Namespace = Annotated[str, typer.Argument(help="The namespace.")]


@files_app.command("update")
@client_command
def update_files(
    namespace: Namespace,
    source: Annotated[Path, typer.Argument(help="A file or folder of this machine.")],
    client: Client,
    target: Annotated[str, typer.Argument(help="Folder in the namespace.")] = "/",
    delete: Annotated[
        bool, typer.Option("--delete/--no-delete", help="Empty the target folder first.")
    ] = False,
) -> None:
    """Send files of this machine to a namespace."""
    if not source.exists():
        raise BadRequest(f"{source} does not exist")
    base = source if source.is_dir() else source.parent
    chosen = sorted(base.rglob("*")) if source.is_dir() else [source]
    root = "/" + target.strip("./")
    if delete:
        client.call("DELETE", f"/namespaces/{namespace}/files", params={"path": root})
    for file in chosen:
        relative = file.relative_to(base)
        if not file.is_file() or any(part.startswith(".") for part in relative.parts):
            continue
        path = f"{root.rstrip('/')}/{relative.as_posix()}"
        client.call(
            "POST",
            f"/namespaces/{namespace}/files",
            params={"path": path},
            files={"fileContent": (file.name, file.read_bytes())},
        )
        typer.echo(f"{file} to {path}")


@kv_app.command("update")
@client_command
def update_value(
    namespace: Namespace,
    key: Annotated[str, typer.Argument(help="The key.")],
    value: Annotated[str, typer.Argument(help="The value, as JSON where it reads as JSON.")],
    client: Client,
    ttl: Annotated[str, typer.Option("--expiration", "-e", help="How long it is kept.")] = "",
) -> None:
    """Set a value."""
    client.call(
        "PUT",
        f"/namespaces/{namespace}/kv/{key}",
        content=value,
        content_type="application/json",
        headers={"ttl": ttl} if ttl else None,
    )
    typer.echo(f"set {key} in {namespace}")
