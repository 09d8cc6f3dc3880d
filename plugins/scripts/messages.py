"""What a script tells the worker through lines such as `::{"outputs": {"rows": 3}}::`, as the
client library `kestra` writes them: outputs and metrics."""

import re
from collections.abc import Mapping
from typing import Any

from common.json import loads
from plugins.contracts.run_context import RunContext

_LINE = re.compile(r"^\s*::(\{.*\})::\s*$", re.DOTALL)
_MILLISECONDS = 1000


class ScriptMessages:
    """Takes lines; keeps the outputs and hands on the metrics."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self.outputs: dict[str, Any] = {}

    def take(self, line: str) -> bool:
        """Whether the line was a message."""
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
        return True

    def _metric(self, metric: Any) -> None:
        """Timers come in seconds and go on in milliseconds."""
        try:
            kind = str(metric.get("type") or "counter").lower()
            value = float(metric["value"])
            name, tags = str(metric["name"]), metric.get("tags") or {}
            self._context.metric(
                name,
                value * _MILLISECONDS if kind == "timer" else value,
                kind=kind,
                tags={str(key): str(tag) for key, tag in tags.items()},
            )
        except (AttributeError, KeyError, TypeError, ValueError):
            self._context.logger.warning(
                "A metric was not read: it needs a name, a type (counter, timer, gauge) and a "
                f"number as value, but is {metric}"
            )
