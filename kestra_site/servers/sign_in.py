"""The one-time link that signs in the person who starts a server on his own machine."""

import sys
from ipaddress import ip_address

from kestra_site.config import Configuration


def sign_in_link(configuration: Configuration) -> str:
    """What to print; empty where nobody could use it. It is for a person at a terminal, or on a
    server that this machine alone reaches: elsewhere the output is a log that others read."""
    if not (sys.stderr.isatty() or _is_for_this_machine_alone(configuration)):
        return ""
    from rbac.services.links import LIFETIME, issue_sign_in_link  # needs Django set up

    link = f"{configuration.public_url}/ui/login/link/{issue_sign_in_link()}"
    return f"\n  Sign in, once within {LIFETIME.seconds // 60} minutes:\n\n    {link}\n\n"


def _is_for_this_machine_alone(configuration: Configuration) -> bool:
    """A configured address means that others come through a proxy."""
    host = configuration.micronaut.server.host
    return not configuration.kestra.url and (host == "localhost" or ip_address(host).is_loopback)
