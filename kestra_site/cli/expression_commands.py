"""`kestra expressions …`: the expression language without a server."""

import sys

import typer

app = typer.Typer(help="Try expressions.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Try expressions."""


@app.command("eval")
def evaluate() -> None:
    """Read cases as JSON lines from standard input, write their values as JSON lines."""
    from expressions.evaluate_lines import evaluate_lines

    for answer in evaluate_lines(sys.stdin):
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()
