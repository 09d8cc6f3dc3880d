"""What the command line says about a server, and the configuration that it makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.errors import BadRequest
from kestra_site.config import (
    Component,
    Configuration,
    install_configuration,
    load_configuration,
)
from kestra_site.servers.leash import follow

# Which of `ServerOptions` each server takes. Those with a leash are parts of a standalone one.
OPTIONS_OF: Mapping[str, tuple[str, ...]] = {
    "local": ("port", "host", "data_dir", "config", "flow_path", "worker_thread"),
    "standalone": (
        *("port", "host", "data_dir", "config", "flow_path"),
        *("worker_thread", "worker_group"),
    ),
    "webserver": ("port", "host", "data_dir", "config", "flow_path", "leash"),
    "executor": ("data_dir", "config", "leash"),
    "scheduler": ("data_dir", "config", "leash"),
    "worker": ("data_dir", "config", "worker_thread", "worker_group", "leash"),
}


@dataclass(frozen=True)
class ServerOptions:
    """Options that were not given are None and leave the configuration as it is. `leash`: a
    descriptor of the supervisor that started this process."""

    port: int | None = None
    host: str | None = None
    data_dir: Path | None = None
    config: Path | None = None
    flow_path: Path | None = None
    worker_thread: int | None = None
    worker_group: str | None = None
    leash: int | None = None

    def overrides(self) -> dict[str, Any]:
        given = {
            "micronaut.server.port": self.port,
            "micronaut.server.host": self.host,
            "kestra.data-dir": str(self.data_dir) if self.data_dir else None,
            "kestra.worker.threads": self.worker_thread or None,
            "kestra.worker.group": self.worker_group,
        }
        return {key: value for key, value in given.items() if value is not None}

    def arguments(self) -> list[str]:
        """The same options for another process."""
        given = {
            "--port": self.port,
            "--host": self.host,
            "--data-dir": self.data_dir,
            "--config": self.config,
            "--flow-path": self.flow_path,
            "--worker-thread": self.worker_thread,
            "--worker-group": self.worker_group,
            "--leash": self.leash,
        }
        return [
            text
            for name, value in given.items()
            if value is not None
            for text in (name, str(value))
        ]

    def install(self, component: Component) -> Configuration:
        """Makes the configuration of this process, which from now on stops with its supervisor.
        Raises Misconfigured or BadRequest."""
        if self.leash is not None:
            follow(self.leash)
        if self.flow_path is not None and not self.flow_path.exists():
            raise BadRequest(f"--flow-path {self.flow_path} does not exist")
        configuration = load_configuration(
            file=self.config, overrides=self.overrides(), component=component
        )
        install_configuration(configuration)
        return configuration
