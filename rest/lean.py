"""Keeps the REST framework from loading libraries that it only offers features for. Each would cost
every server's start time and memory."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

# For its test client, its browsable pages, and fields of models that we do not have.
_UNWANTED = ("requests", "pygments", "markdown", "django.contrib.postgres.fields")


def load_rest_framework() -> None:
    """Before anything else imports it."""
    if "rest_framework.compat" in sys.modules:
        return
    with _hidden([name for name in _UNWANTED if name not in sys.modules]):
        import_module("rest_framework.compat")


@contextmanager
def _hidden(names: list[str]) -> Iterator[None]:
    """Importing them raises ImportError within the block."""
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment]  # how Python is told
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
