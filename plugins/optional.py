"""Libraries that only some types need: imported at first use, named when they are missing."""

from importlib import import_module
from types import ModuleType

from plugins.contracts.failure import TaskFailed


def load(module: str, *, extra: str) -> ModuleType:
    """Raises TaskFailed with the command that installs it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise
        raise TaskFailed(
            f"This worker lacks the library {module}: run pip install 'kestra-site[{extra}]'"
        ) from error
