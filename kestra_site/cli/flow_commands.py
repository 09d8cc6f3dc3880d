"""`kestra flow …`: flows of a running server."""

from pathlib import Path
from typing import Annotated, Any

import typer

from common.errors import Invalid
from kestra_site.cli.client import Client, client_command
from kestra_site.flow_files import join_sources, read_flow_sources

app = typer.Typer(help="Manage flows on a server.", no_args_is_help=True)
namespace_app = typer.Typer(help="Manage the flows of a namespace.", no_args_is_help=True)
app.add_typer(namespace_app, name="namespace")

FlowPath = Annotated[Path, typer.Argument(help="A flow file, or a folder of them.")]
Folder = Annotated[Path, typer.Argument(help="A folder of flow files.")]
Namespace = Annotated[str, typer.Argument(help="The namespace.")]
FlowId = Annotated[str, typer.Argument(help="The flow's id.")]
Delete = Annotated[
    bool, typer.Option("--delete/--no-delete", help="Delete the flows that have no file here.")
]


@app.command()
@client_command
def validate(path: FlowPath, client: Client) -> None:
    """Check flows without saving them."""
    sources = read_flow_sources(path)
    answer = client.call("POST", "/flows/validate", content=join_sources(sources)).json()
    problems = 0
    for position, result in enumerate(answer):
        index = result.get("index", position)
        file = sources[index][0] if 0 <= index < len(sources) else path
        problems += _report(file, result)
    if problems:
        raise Invalid(f"{problems} of {len(answer)} flows are not valid")


@app.command()
@client_command
def create(path: FlowPath, client: Client) -> None:
    """Create the flow of a file, or the flows of a folder."""
    for _, source in _with_progress(read_flow_sources(path), "Creating"):
        _say_saved(client.call("POST", "/flows", content=source).json())


@app.command()
@client_command
def update(path: FlowPath, namespace: Namespace, flow_id: FlowId, client: Client) -> None:
    """Write a new revision of a flow."""
    source = join_sources(read_flow_sources(path))
    _say_saved(client.call("PUT", f"/flows/{namespace}/{flow_id}", content=source).json())


@app.command()
@client_command
def updates(path: Folder, client: Client, delete: Delete = False) -> None:
    """Create or update all flows of a folder, whatever their namespaces."""
    answer = client.call(
        "POST",
        "/flows/bulk",
        content=join_sources(read_flow_sources(path)),
        params={"delete": str(delete).lower()},
    )
    _say_all(answer.json())


@app.command()
@client_command
def delete(namespace: Namespace, flow_id: FlowId, client: Client) -> None:
    """Delete a flow."""
    client.call("DELETE", f"/flows/{namespace}/{flow_id}")
    typer.echo(f"deleted {namespace}.{flow_id}")


@app.command()
@client_command
def export(
    client: Client,
    folder: Annotated[Path, typer.Argument(help="Where to put flows.zip.")] = Path(),
    namespace: Annotated[str, typer.Option("--namespace", help="Only this namespace.")] = "",
) -> None:
    """Save flows as a ZIP file."""
    params = {"namespace": namespace} if namespace else {}
    answer = client.call("GET", "/flows/export/by-query", params=params)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "flows.zip"
    target.write_bytes(answer.content)
    typer.echo(f"wrote {target}")


@namespace_app.command("update")
@client_command
def update_namespace(
    namespace: Namespace, path: Folder, client: Client, delete: Delete = False
) -> None:
    """Make the flows of a namespace those of a folder."""
    answer = client.call(
        "POST",
        f"/flows/{namespace}",
        content=join_sources(read_flow_sources(path)),
        params={"delete": str(delete).lower()},
    )
    _say_all(answer.json())


def _report(file: Path, result: dict[str, Any]) -> bool:
    """Says what was found; whether the flow is wrong."""
    name = ".".join(filter(None, (result.get("namespace"), result.get("flow")))) or str(file)
    for kind in ("warnings", "infos", "deprecationPaths"):
        for text in result.get(kind) or []:
            typer.echo(f"  {kind.removesuffix('s')}: {name}: {text}")
    constraints = result.get("constraints")
    typer.echo(f"✘ {name} ({file})\n  {constraints}" if constraints else f"✓ {name}")
    return bool(constraints)


def _say_saved(flow: dict[str, Any]) -> None:
    typer.echo(f"{flow.get('namespace')}.{flow.get('id')} revision {flow.get('revision')}")


def _say_all(flows: list[dict[str, Any]]) -> None:
    for flow in flows:
        if flow.get("deleted"):
            typer.echo(f"{flow.get('namespace')}.{flow.get('id')} deleted")
        else:
            _say_saved(flow)
    typer.echo(f"{len(flows)} flows")


def _with_progress(sources: list[Any], words: str) -> Any:
    """The items, with a bar on a terminal when there are many."""
    if len(sources) < 10:
        return sources
    from rich.console import Console
    from rich.progress import track

    return track(sources, description=words, console=Console(stderr=True), transient=True)
