"""`kestra server …`: one command for each kind of process."""

import signal
from collections.abc import Mapping
from importlib import import_module
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any

import typer

from kestra_site.servers.options import OPTIONS_OF, ServerOptions

app = typer.Typer(help="Run a server.", no_args_is_help=True)

Config = Annotated[
    Path | None, typer.Option("--config", "-c", help="A configuration file in YAML.")
]
# By field of `ServerOptions`.
_OPTIONS: Mapping[str, Any] = {
    "port": Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="Port to listen on.")
    ],
    "host": Annotated[
        str | None,
        typer.Option("--host", help="Address to listen on; this machine only by default."),
    ],
    "data_dir": Annotated[
        Path | None, typer.Option("--data-dir", help="Folder for database, storage and keys.")
    ],
    "config": Config,
    "flow_path": Annotated[
        Path | None, typer.Option("--flow-path", "-f", help="Folder of flows to load at the start.")
    ],
    "worker_thread": Annotated[
        int | None,
        typer.Option(
            "--worker-thread",
            "-t",
            min=0,
            help="How many tasks at once; 0 with standalone: no worker.",
        ),
    ],
    "worker_group": Annotated[
        str | None, typer.Option("--worker-group", "-g", help="The worker group to work for.")
    ],
    "leash": Annotated[
        int | None, typer.Option("--leash", hidden=True, help="Given by a supervisor.")
    ],
}
_SUMMARIES: Mapping[str, str] = {
    "local": "Everything in one process on SQLite: to try, to develop, for one machine.",
    "standalone": "All kinds of servers on this machine, on PostgreSQL and Redis.",
    "webserver": "The API and the pages.",
    "executor": "Decides what happens next in every execution.",
    "scheduler": "Starts executions whose triggers are due.",
    "worker": "Runs tasks.",
}


def _add_command(name: str, summary: str) -> None:
    """With the options of that server. Typer reads them from signature and annotations."""

    def command(**given: Any) -> None:
        import_module(f"kestra_site.servers.{name}").run(ServerOptions(**given))

    types = {option: _OPTIONS[option] for option in OPTIONS_OF[name]}
    vars(command)["__signature__"] = Signature(
        [
            Parameter(option, Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for option, kind in types.items()
        ]
    )
    command.__annotations__ = types
    app.command(name, help=summary)(command)


for _name, _summary in _SUMMARIES.items():
    _add_command(_name, _summary)


@app.command(hidden=True)
def indexer(config: Config = None) -> None:
    """Accepted for deployments that have one: there is nothing to index here."""
    typer.echo("warning: there is no indexer here: this process only waits to be stopped", err=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
