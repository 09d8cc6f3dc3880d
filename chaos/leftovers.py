"""What must be gone when nothing is open: rows, messages, folders, processes, memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import redis

from chaos.checks import Rows
from chaos.parts import Cluster, Life, Sample

_ROWS = {
    "rows of the inbox": "SELECT count(*) FROM executions_inboxrow",
    "timers": "SELECT count(*) FROM executions_timer",
    "open executions": "SELECT count(*) FROM executions_execution WHERE is_open",
    "open task runs": (
        "SELECT count(*) FROM executions_taskrun WHERE state NOT IN"
        " ('SUCCESS', 'WARNING', 'FAILED', 'KILLED', 'CANCELLED', 'SKIPPED', 'RETRIED')"
    ),
    "claims": "SELECT count(*) FROM executions_taskrun WHERE worker_id IS NOT NULL",
    "tokens": "SELECT count(*) FROM executions_taskrun WHERE token IS NOT NULL",
}
# A process that lived that long shows whether it grows.
_LIFE = 30.0
_WARM = 18.0
_GROWTH_KILOBYTES = 40_000
_OF_WORKERS = "kestra-worker-"


def leftovers(cluster: Cluster, connection: Rows) -> list[str]:
    """Sentences; empty when nothing is left."""
    found = []
    for name, text in _ROWS.items():
        row = connection.execute(text).fetchone()
        if row and row[0]:
            found.append(f"{row[0]} {name}")
    found += in_redis(cluster)
    found += [f"the working folder {path}" for path in working_folders(cluster.temporary)]
    found += [f"the process {pid}: {line}" for pid, line in script_processes(cluster.temporary)]
    return found


def working_folders(temporary: Path) -> list[Path]:
    """Of attempts, in the folders that the living workers keep for themselves."""
    return [
        folder
        for entry in sorted(temporary.iterdir())
        for folder in (sorted(entry.iterdir()) if entry.name.startswith(_OF_WORKERS) else [entry])
        if folder.is_dir()
    ]


def in_redis(cluster: Cluster) -> list[str]:
    found: list[str] = []
    with redis.Redis.from_url(cluster.redis.url, decode_responses=True) as client:
        for key in sorted(client.scan_iter("*")):
            kind: Any = client.type(key)
            if kind == "stream" and client.ttl(key) < 0:  # the others go away by themselves
                found += _of_stream(client, key)
            elif kind == "list":
                found.append(f"{client.llen(key)} messages in the queue {key}")
    return found


def unacknowledged(cluster: Cluster) -> int:
    """Messages that Celery had given to workers that were killed. By design: Redis offers them
    again when the visibility time-out is over, and nobody can claim them then."""
    with redis.Redis.from_url(cluster.redis.url) as client:
        count: Any = client.hlen("unacked")
        return int(count)


def _of_stream(client: Any, key: str) -> Iterator[str]:
    entries = client.xlen(key)
    pending = sum(group["pending"] for group in client.xinfo_groups(key))
    if entries:
        yield f"{entries} entries in the stream {key}"
    if pending:
        yield f"{pending} pending entries in the stream {key}"


def script_processes(temporary: Path) -> Iterator[tuple[int, str]]:
    """Processes whose home lies in the run's folder of working folders."""
    wanted = f"HOME={temporary}/".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            environment = (folder / "environ").read_bytes()
            command = (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended, or is another user's
            continue
        if any(entry.startswith(wanted) for entry in environment.split(b"\0")):
            yield int(folder.name), command.replace(b"\0", b" ").decode(errors="replace")[:100]


def growth(cluster: Cluster) -> Iterator[tuple[str, int, int, bool]]:
    """Part, kilobytes when warm and at the end, and whether that is too much; for lives that were
    long enough to tell."""
    for part in cluster.parts:
        for life in part.lives:
            warm = _warm(life)
            if len(warm) < 8:
                continue
            early, late = _typical(warm[:4]), _typical(warm[-4:])
            yield part.name, early, late, late - early > _GROWTH_KILOBYTES


def _warm(life: Life) -> list[Sample]:
    if not life.samples or life.samples[-1].at - life.started < _LIFE:
        return []
    return [sample for sample in life.samples if sample.at - life.started > _WARM]


def _typical(samples: list[Sample]) -> int:
    return sorted(sample.kilobytes for sample in samples)[len(samples) // 2]


def after_the_end(cluster: Cluster) -> list[str]:
    """Sentences on what processes that were asked to stop have left."""
    found = [f"the folder {path}" for path in sorted(cluster.temporary.iterdir())]
    return [
        *found,
        *(f"the process {pid}: {line}" for pid, line in script_processes(cluster.temporary)),
    ]
