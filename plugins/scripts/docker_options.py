"""How the container of a script is made: properties of the task runner and of the older form
`runner: DOCKER`."""

from typing import Any

from pydantic import Field

from plugins.contracts.model import PluginPart, Text


class ContainerOptions(PluginPart):
    """What both forms have."""

    host: Text | None = Field(default=None, description="Address of the Docker engine.")
    config: dict[str, Any] | Text | None = Field(
        default=None, description="Docker's client configuration, a map or its JSON."
    )
    credentials: dict[str, Text] | None = Field(
        default=None, description="`registry`, `username` and `password` of a private registry."
    )
    pull_policy: Text = Field(
        default="IF_NOT_PRESENT", description="ALWAYS, IF_NOT_PRESENT or NEVER."
    )
    user: Text | None = Field(default=None, description="The user in the container.")
    entry_point: tuple[Text, ...] | None = Field(default=None, description="The entry point.")
    network_mode: Text | None = Field(default=None, description="The network to be in.")
    extra_hosts: tuple[Text, ...] | None = Field(
        default=None, description="Further host names, as `name:address`."
    )
    volumes: tuple[Text, ...] | None = Field(
        default=None, description="Volumes to mount, as `source:target`."
    )
    cpu: dict[str, Any] | None = Field(default=None, description="`cpus`: how many at most.")
    memory: dict[str, Any] | None = Field(default=None, description="`memory`: how much at most.")
    shm_size: Text | None = Field(default=None, description="The size of /dev/shm.")
    privileged: bool = Field(default=False, description="Whether it may do everything.")
    device_requests: tuple[dict[str, Any], ...] | None = Field(
        default=None, description="Accepted; any entry asks for all GPUs."
    )


class DockerOptions(ContainerOptions):
    """The property `docker` of the older form."""

    image: Text | None = Field(default=None, description="The image.")
