"""`bench.Light`: the smallest thing that a worker can run; `bench.Effect`: one that is counted."""

from __future__ import annotations

import os
import socket
import threading
from typing import Any, ClassVar

from pydantic import Field

from plugins.contracts.model import Example, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask

_EXAMPLE = Example(
    title="One.",
    code="id: one\nnamespace: bench\ntasks:\n  - id: t\n    type: bench.Light\n",
)


class Light(RunnableTask):
    """Render a value and return it, on a worker."""

    type_name: ClassVar[str] = "bench.Light"
    is_light: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (_EXAMPLE,)

    value: Text = Field(default="{{ task.id }}", description="Rendered.")

    def run(self, context: RunContext) -> dict[str, Any]:
        return {"value": context.render(self.value)}


class Effect(RunnableTask):
    """Tell the counting server of EFFECTS_ADDRESS (host:port) that this attempt has happened."""

    type_name: ClassVar[str] = "bench.Effect"
    is_light: ClassVar[bool] = True
    examples: ClassVar[tuple[Example, ...]] = (_EXAMPLE,)

    value: Text = Field(default="", description="Rendered first.")
    size: int = Field(default=0, description="Bytes of an output besides.")
    sleep: float = Field(default=0, description="Seconds between the effect and the end.")

    def run(self, context: RunContext) -> dict[str, Any]:
        value = context.render(self.value)
        _connection.tell(f"{context.task_run_id} {context.attempt}")
        if self.sleep:
            threading.Event().wait(self.sleep)
        return {"value": value, **({"big": "x" * self.size} if self.size else {})}


class _Connection(threading.local):
    """One a thread; the server answers each line, so a told effect is a counted one."""

    stream: Any = None

    def tell(self, line: str) -> None:
        if self.stream is None:
            host, port = os.environ["EFFECTS_ADDRESS"].rsplit(":", 1)
            self.stream = socket.create_connection((host, int(port))).makefile("rwb")
        self.stream.write(line.encode() + b"\n")
        self.stream.flush()
        if self.stream.readline() != b"ok\n":
            raise RuntimeError("the counting server did not answer")


_connection = _Connection()
