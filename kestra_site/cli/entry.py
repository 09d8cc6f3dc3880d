"""Runs a command: ours, else Django's. A failure is one clear line and an exit code."""

import os
import sys

from common.errors import KestraError
from kestra_site.cli.failures import explain_failure

_VERSION = ("version", "--version", "-V")
_OUR_COMMANDS = {"server", "flow", "namespace", "auths", "tenants", "plugins", "expressions"}


def main() -> None:
    arguments = sys.argv[1:]
    try:
        if arguments and arguments[0] in _VERSION:
            _print_version()
        elif arguments and not arguments[0].startswith("-") and arguments[0] not in _OUR_COMMANDS:
            _run_django_command()
        else:
            from kestra_site.cli.commands import build_app

            build_app(arguments[0] if arguments else "")(prog_name="kestra")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KestraError as error:
        _fail(str(error))
    except Exception as error:
        sentence = explain_failure(error)
        if sentence is None:
            raise
        _fail(sentence)


def _print_version() -> None:
    from importlib.metadata import version

    sys.stdout.write(version("kestra-site") + "\n")


def _run_django_command() -> None:
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
    execute_from_command_line(sys.argv)


def _fail(sentence: str) -> None:
    sys.stderr.write(f"kestra: {sentence}\n")
    sys.exit(1)
