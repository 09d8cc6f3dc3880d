"""How a log line looks."""

import logging
import sys

from kestra_site.logs import LineFormatter


def record(**extra: object) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "a.b", "levelname": "INFO", "msg": "Started %s", "args": ("it",), "created": 0.5}
    )
    vars(made).update(extra)
    return made


def test_line_holds_time_level_logger_message_and_fields() -> None:
    line = LineFormatter().format(record(tenant="main", shard=3))

    assert line == "1970-01-01T00:00:00.500Z INFO    a.b Started it tenant=main shard=3"


def test_traceback_follows_its_line() -> None:
    try:
        int("wrong")
    except ValueError:
        line = LineFormatter().format(record(exc_info=sys.exc_info()))

    assert line.splitlines()[-1].startswith("ValueError: invalid literal")
