"""What a flow of the load is, and the pieces that its sources are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "chaos"
SHELL = "io.kestra.plugin.scripts.shell.Script"
CORE = "io.kestra.plugin.core"
BASH = "    interpreter: [/bin/bash, -c]"


@dataclass(frozen=True, slots=True)
class Expected:
    """`runs`: task runs by task; `states`: those of tasks that do not end in SUCCESS; `effects`:
    tasks whose counted attempts are told to the counting server; `counted`: how many counted
    attempts a task run has, where it is not one; `lines`: log lines of a task run that contain a
    text, for each counted attempt. `is_killed`: its load kills it, so it may end anywhere."""

    source: str
    runs: Mapping[str, int]
    state: str = "SUCCESS"
    states: Mapping[str, str] = field(default_factory=dict)
    effects: frozenset[str] = frozenset()
    counted: Mapping[str, int] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)  # task -> flow that it starts
    is_killed: bool = False
    is_scheduled: bool = False
    is_started: bool = True  # by the load; the others are children


def flow_of(flow_id: str, body: str) -> str:
    """The source of a flow with that body."""
    return f"id: {flow_id}\nnamespace: {NAMESPACE}\n{body.strip(chr(10))}\n"


def tell(port: int, after: str = "") -> str:
    """Lines of a bash script that tell the effect and wait for the answer."""
    lines = [
        f"exec 3<>/dev/tcp/127.0.0.1/{port}",
        'echo "{{ taskrun.id }} {{ taskrun.attemptsCount }}" >&3',
        "read -r answer <&3",
        'echo "told $answer"',
        after,
    ]
    return "\n".join(f"      {line}" for line in lines if line)


def deeper(lines: str) -> str:
    """For a task that is nested one level."""
    return "\n".join(f"    {line}" for line in lines.split("\n"))
