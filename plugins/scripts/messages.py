"""What a script tells the worker through lines such as `::{"outputs": {"rows": 3}}::`, as the
client library `kestra` writes them: outputs, metrics and log lines."""

import re
from collections.abc import Mapping
from typing import Any

from common.json import loads
from plugins.contracts.level import write
from plugins.contracts.run_context import RunContext

_LINE = re.compile(r"^\s*::(\{.*\})::\s*$", re.DOTALL)


class ScriptMessages:
    """Takes lines; keeps the outputs, hands on the metrics and logs."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.outputs: dict[str, Any] = {}

    def take(self, line: str) -> bool:
        """Whether the line was a message; the log then shows it with the level DEBUG, or what it
        wants to be logged."""
        if "::{" not in line:
            return False
        found = _LINE.match(line)
        if not found:
            return False
        try:
            message = loads(found.group(1))
        except ValueError as error:
            self._context.logger.warning(
                f"A line between :: and :: is not valid JSON and was not read: {error}"
            )
            return False
        outputs = message.get("outputs")
        if isinstance(outputs, Mapping):
            self.outputs.update(outputs)
        for metric in message.get("metrics") or ():
            self._metric(metric)
        logs = message.get("logs")
        if logs:
            self._log(logs)
        else:
            self._context.logger.debug(line)
        return True

    def _log(self, logs: Any) -> None:
        for entry in logs if isinstance(logs, list) else [logs]:
            if isinstance(entry, Mapping):
                level, text = entry.get("level") or "INFO", entry.get("message", "")
                write(self._context.logger, str(level), str(text))

    def _metric(self, metric: Any) -> None:
        """The library gives timers in milliseconds."""
        try:
            kind = str(metric.get("type") or "counter").lower()
            tags = metric.get("tags") or {}
            self._context.metric(
                str(metric["name"]),
                float(metric["value"]),
                kind=kind,
                tags={str(key): str(tag) for key, tag in tags.items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            self._context.logger.warning(
                "A metric was not read: it needs a name, a type (counter, timer, gauge) and a "
                f"number as value, but is {metric}"
            )
