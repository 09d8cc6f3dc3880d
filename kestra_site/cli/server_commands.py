"""`kestra server …`: one command for each kind of process."""

import signal
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from kestra_site.servers.options import ServerOptions

app = typer.Typer(help="Run a server.", no_args_is_help=True)

Port = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on.")]
Host = Annotated[
    str | None, typer.Option("--host", help="Address to listen on; this machine only by default.")
]
DataDir = Annotated[
    Path | None, typer.Option("--data-dir", help="Folder for database, storage and keys.")
]
Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="A configuration file in YAML.")
]
FlowPath = Annotated[
    Path | None, typer.Option("--flow-path", "-f", help="Folder of flows to load at the start.")
]
WorkerThread = Annotated[
    int | None,
    typer.Option(
        "--worker-thread", "-t", min=0, help="How many tasks at once; 0 with standalone: no worker."
    ),
]
WorkerGroup = Annotated[
    str | None, typer.Option("--worker-group", "-g", help="The worker group to work for.")
]


@app.command()
def local(
    *,
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    config: Config = None,
    flow_path: FlowPath = None,
    worker_thread: WorkerThread = None,
) -> None:
    """Everything in one process on SQLite: to try, to develop, for one machine."""
    _run(
        "local",
        ServerOptions(
            port=port,
            host=host,
            data_dir=data_dir,
            config=config,
            flow_path=flow_path,
            worker_thread=worker_thread or None,
        ),
    )


@app.command()
def standalone(
    *,
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    config: Config = None,
    flow_path: FlowPath = None,
    worker_thread: WorkerThread = None,
    worker_group: WorkerGroup = None,
) -> None:
    """All kinds of servers on this machine, on PostgreSQL and Redis."""
    _run(
        "standalone",
        ServerOptions(
            port=port,
            host=host,
            data_dir=data_dir,
            config=config,
            flow_path=flow_path,
            worker_thread=worker_thread,
            worker_group=worker_group,
        ),
    )


@app.command()
def webserver(
    *,
    port: Port = None,
    host: Host = None,
    data_dir: DataDir = None,
    config: Config = None,
    flow_path: FlowPath = None,
) -> None:
    """The API and the pages."""
    _run(
        "webserver",
        ServerOptions(port=port, host=host, data_dir=data_dir, config=config, flow_path=flow_path),
    )


@app.command()
def executor(*, data_dir: DataDir = None, config: Config = None) -> None:
    """Decides what happens next in every execution."""
    _run("executor", ServerOptions(data_dir=data_dir, config=config))


@app.command()
def scheduler(*, data_dir: DataDir = None, config: Config = None) -> None:
    """Starts executions whose triggers are due."""
    _run("scheduler", ServerOptions(data_dir=data_dir, config=config))


@app.command()
def worker(
    *,
    data_dir: DataDir = None,
    config: Config = None,
    worker_thread: WorkerThread = None,
    worker_group: WorkerGroup = None,
) -> None:
    """Runs tasks."""
    _run(
        "worker",
        ServerOptions(
            data_dir=data_dir,
            config=config,
            worker_thread=worker_thread or None,
            worker_group=worker_group,
        ),
    )


@app.command(hidden=True)
def indexer(config: Config = None) -> None:
    """Accepted for deployments that have one: there is nothing to index here."""
    typer.echo("warning: there is no indexer here: this process only waits to be stopped", err=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


def _run(name: str, options: ServerOptions) -> None:
    import_module(f"kestra_site.servers.{name}").run(options)
