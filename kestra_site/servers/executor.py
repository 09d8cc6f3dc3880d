"""`kestra server executor`: decides what happens next in every execution."""

from kestra_site.servers.background import run_part
from kestra_site.servers.options import ServerOptions


def run(options: ServerOptions) -> None:
    run_part("executor", options)
