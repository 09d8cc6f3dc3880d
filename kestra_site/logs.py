"""How a log line looks: `2026-01-31T10:00:00.000Z INFO  kestra_site.servers Started port=8080`."""

import logging
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "color_message",
    "taskName",
}


class LineFormatter(logging.Formatter):
    """One line a record; what was given as `extra` follows as key=value."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
        fields = "".join(
            f" {key}={value}" for key, value in vars(record).items() if key not in _STANDARD
        )
        line = f"{stamp} {record.levelname:<7} {record.name} {record.getMessage()}{fields}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line
