"""The tree of commands. A group's module is imported when its word is used, or for the help."""

from importlib import import_module

import typer

GROUPS = {
    "server": ("kestra_site.cli.server_commands", "app"),
    "flow": ("kestra_site.cli.flow_commands", "app"),
    "namespace": ("kestra_site.cli.namespace_commands", "app"),
    "auths": ("kestra_site.cli.account_commands", "auths"),
    "tenants": ("kestra_site.cli.account_commands", "tenants"),
    "plugins": ("kestra_site.cli.plugin_commands", "app"),
    "expressions": ("kestra_site.cli.expression_commands", "app"),
}


def build_app(word: str = "") -> typer.Typer:
    """The command with the group of that word; with every group for any other."""
    app = typer.Typer(
        help="Run servers, manage flows. Words that are not listed are Django's commands.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name in [word] if word in GROUPS else GROUPS:
        module, attribute = GROUPS[name]
        app.add_typer(getattr(import_module(module), attribute), name=name)
    return app
