"""What the imports of a server cost: it is started once more with a probe that watches them."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.processes import ROOT, python_path
from benchmarks.stacks import Server, temporary_folder

_LINES = 14


def watch_imports(server: Server) -> str:
    """A Markdown table for each of its processes. The server must not have been started yet."""
    with temporary_folder() as folder:
        server.add_to_environment(
            PYTHONPATH=python_path(ROOT / "benchmarks" / "probe"),
            BENCH_PROBE=str(folder),
        )
        with server:
            names = {process.pid: process.name for process in server.processes}
        files = {pid: folder / f"{pid}.json" for pid in names}
        return "\n\n".join(
            f"**{names[pid]}**: {_table(file)}" if file.is_file() else f"**{names[pid]}**: no word."
            for pid, file in files.items()
        )


def _table(file: Path) -> str:
    told = json.loads(file.read_text(encoding="utf-8"))
    costs = sorted(told["costs"].items(), key=lambda item: -item[1][1])
    seconds, memory, count = (sum(cost[index] for _, cost in costs) for index in range(3))
    lines = [
        f"{told['memory']:.0f} MB at the end; {count:.0f} modules took {memory:.0f} MB and"
        f" {1000 * seconds:.0f} ms (slower for being watched).\n",
        "| package | modules | MB | ms |\n|---|--:|--:|--:|",
    ]
    lines += [
        f"| `{name}` | {cost[2]:.0f} | {cost[1]:.1f} | {1000 * cost[0]:.0f} |"
        for name, cost in costs[:_LINES]
    ]
    return "\n".join(lines)
