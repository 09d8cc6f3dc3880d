"""The levels of log lines."""

from typing import Literal, TypeAlias

from plugins.contracts.run_context import TaskLogger

Level: TypeAlias = Literal["TRACE", "DEBUG", "INFO", "WARN", "ERROR"]

# The least first.
LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR")


def write(logger: TaskLogger, level: str, message: str) -> None:
    """A line at a level that is known as a text; an unknown one counts as INFO."""
    wanted = level.strip().upper()
    if wanted == "ERROR":
        logger.error(message)
    elif wanted in ("WARN", "WARNING"):
        logger.warning(message)
    elif wanted == "DEBUG":
        logger.debug(message)
    elif wanted == "TRACE":
        logger.trace(message)
    else:
        logger.info(message)
