"""The configuration: one frozen typed object, read once. Settings are made from it."""

from kestra_site.config.configuration import Component, Configuration
from kestra_site.config.engine import EngineSettings
from kestra_site.config.loading import load_configuration

__all__ = [
    "Component",
    "Configuration",
    "EngineSettings",
    "current_configuration",
    "install_configuration",
    "load_configuration",
]

_installed: list[Configuration] = []


def install_configuration(configuration: Configuration) -> None:
    """Makes this the configuration of the process; before Django's settings are read."""
    _installed[:] = [configuration]


def current_configuration() -> Configuration:
    """The installed one, else the one that the environment gives."""
    if not _installed:
        _installed.append(load_configuration())
    return _installed[0]
