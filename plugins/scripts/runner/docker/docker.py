"""`io.kestra.plugin.scripts.runner.docker.Docker`."""

import base64
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from pydantic import Field

from common.json import dumps, loads
from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.runner import CommandRequest, CommandResult, TaskRunner
from plugins.core.runner.session import ProcessSession
from plugins.scripts.docker_options import ContainerOptions, DockerOptions

_PULL = {"ALWAYS": "always", "IF_NOT_PRESENT": "missing", "NEVER": "never"}
_ENGINE_FAILED = 125
_REMOVE_SECONDS = 30


class Docker(TaskRunner, ContainerOptions):
    """Run the commands of a script task in a container of a Docker engine.

    The worker needs the command `docker` and an engine that it can reach. The working folder is
    mounted at its own path, so `{{ workingDir }}` is the same inside. Kill and timeout end the
    container."""

    type_name: ClassVar[str] = "io.kestra.plugin.scripts.runner.docker.Docker"
    aliases: ClassVar[tuple[str, ...]] = (
        "io.kestra.plugin.scripts.runner.docker.DockerTaskRunner",
        "io.kestra.plugin.core.runner.Docker",
    )
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A script in an image with its libraries.",
            code="""\
id: container
namespace: company.team
tasks:
  - id: python
    type: io.kestra.plugin.scripts.python.Script
    containerImage: python:3.11-slim
    taskRunner:
      type: io.kestra.plugin.scripts.runner.docker.Docker
      pullPolicy: IF_NOT_PRESENT
      cpu:
        cpus: 1
      memory:
        memory: 512Mi
    script: print("Hello World!")
""",
        ),
    )

    port_bindings: tuple[Text, ...] | None = Field(
        default=None, description="Ports to publish, as `host:container`."
    )
    file_handling_strategy: Text | None = Field(
        default=None, description="Accepted; the working folder is mounted."
    )
    delete: bool = Field(default=True, description="Whether the container is removed at its end.")

    grace: ClassVar[float] = 10.0

    @classmethod
    def from_options(cls, options: DockerOptions | None) -> Self:
        values = options.model_dump(exclude={"image"}, exclude_unset=True) if options else {}
        return cls(type=cls.type_name, **values)

    def run(self, context: RunContext, request: CommandRequest) -> CommandResult:
        program = shutil.which("docker")
        if program is None:
            raise TaskFailed(
                "The task wants to run in a Docker container, but this worker has no Docker: "
                "install the command docker and an engine on it, or use the taskRunner "
                "io.kestra.plugin.core.runner.Process"
            )
        if not request.image:
            raise TaskFailed("A container needs an image: set containerImage")
        name = f"kestra-{secrets.token_hex(8)}"
        client = [program, *self._client_words(context, request.directory)]
        words = [*client, "run", "--name", name, *self._words(context, request)]
        session = ProcessSession(
            CommandRequest(
                [*words, request.image, *request.command],
                request.directory,
                _client_environment(request),
                request.timeout,
                request.on_line,
            ),
            grace=self.grace,
        )
        context.on_kill(session.kill)
        result = session.run()
        if result.detail:
            _remove(client, name, request)
        if result.exit_code == _ENGINE_FAILED:
            return CommandResult(
                result.exit_code, "Docker could not start the container; the log says why"
            )
        return result

    def _client_words(self, context: RunContext, directory: Path) -> Iterator[str]:
        config = self._client_config(context)
        if config is not None:
            folder = directory / ".kestra" / "docker"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "config.json").write_text(config)
            (folder / "config.json").chmod(0o600)
            yield from ("--config", str(folder))
        if self.host:
            yield from ("--host", str(context.render(self.host)))

    def _client_config(self, context: RunContext) -> str | None:
        config = context.render(self.config)
        if isinstance(config, str):
            config = loads(config)
        if self.credentials:
            found: dict[str, Any] = context.render(dict(self.credentials))
            pair = f"{found.get('username', '')}:{found.get('password', '')}"
            registry = found.get("registry") or "https://index.docker.io/v1/"
            auth = base64.b64encode(pair.encode()).decode()
            context.mask(auth)
            config = config or {}
            config = {**config, "auths": {**config.get("auths", {}), registry: {"auth": auth}}}
        return dumps(config) if config else None

    def _words(self, context: RunContext, request: CommandRequest) -> list[str]:
        folder = str(request.directory)
        words = ["--volume", f"{folder}:{folder}", "--workdir", folder]
        if self.delete:
            words.append("--rm")
        pull = str(context.render(self.pull_policy)).upper()
        words += ["--pull", _PULL.get(pull, "missing")]
        if self.privileged:
            words.append("--privileged")
        if self.device_requests:
            words += ["--gpus", "all"]
        for flag, value in self._single_options():
            if value:
                words += [flag, str(context.render(value))]
        for flag, values in (
            ("--add-host", self.extra_hosts),
            ("--volume", self.volumes),
            ("--publish", self.port_bindings),
            # The client takes the values from its own environment: none stands in a command line.
            ("--env", tuple(request.environment)),
        ):
            for value in values or ():
                words += [flag, str(context.render(value))]
        return words

    def _single_options(self) -> list[tuple[str, Any]]:
        memory = (self.memory or {}).get("memory")
        return [
            ("--user", self.user),
            ("--network", self.network_mode),
            ("--entrypoint", " ".join(self.entry_point) if self.entry_point else None),
            ("--cpus", (self.cpu or {}).get("cpus")),
            ("--memory", _docker_size(str(memory)) if memory else None),
            ("--shm-size", self.shm_size),
        ]


def _docker_size(text: str) -> str:
    """`512Mi`, `512MB` and `512m` are the same to us, only the last to Docker."""
    return re.sub(r"(?i)^(\d+)\s*([kmg])i?b?$", lambda match: match[1] + match[2].lower(), text)


def _client_environment(request: CommandRequest) -> dict[str, str]:
    """What the client needs to find the engine, and the variables of the task."""
    found = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(request.directory)}
    for name in ("DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"):
        if name in os.environ:
            found[name] = os.environ[name]
    return {**found, **request.environment}


def _remove(client: list[str], name: str, request: CommandRequest) -> None:
    """After a kill the client may be gone before its container."""
    subprocess.run(  # noqa: S603 - our own words and a name of our own
        [*client, "rm", "--force", name],
        env=_client_environment(request),
        capture_output=True,
        check=False,
        timeout=_REMOVE_SECONDS,
    )
