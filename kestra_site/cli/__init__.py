"""The `kestra` command: servers, clients of the API and tools. Django is loaded only by those
commands that need it."""

from kestra_site.cli.entry import main

__all__ = ["main"]
