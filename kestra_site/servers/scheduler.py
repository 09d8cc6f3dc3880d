"""`kestra server scheduler`: finds the triggers that are due."""

from kestra_site.servers.background import run_part
from kestra_site.servers.options import ServerOptions


def run(options: ServerOptions) -> None:
    run_part("scheduler", options)
