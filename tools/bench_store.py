"""What the store costs: 10,000 task runs in batches of 100, each batch one turn that writes new
task runs and ends those of the batch before, as the executor's loop does.

    DATABASE_URL=postgresql://… python tools/bench_store.py [postgres] [sqlite]

PostgreSQL gets a database of its own beside the one named; SQLite a file in a temporary folder."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "secrets"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")

import django

from common.clock import now
from common.ids import SHARDS, new_id
from executions.executor.model import Attempt, Head, Outputs, TaskRun
from executions.store.contract import Batch, ClaimRequest, Store
from plugins.contracts.state import State

RUNS, BATCH, EXECUTIONS, ROUNDS = 10_000, 100, 200, 3


def new_head() -> Head:
    made, at = new_id(), now()
    history = ((State.CREATED, at), (State.RUNNING, at))
    return Head(made, "main", "company.team", "bench", 1, State.RUNNING, history, made, at)


def new_run(seq: int) -> TaskRun:
    token, history = new_id(), ((State.CREATED, now()),)
    return TaskRun(new_id(), seq, "hello", State.CREATED, history, token=token)


def ended(run: TaskRun) -> tuple[TaskRun, Attempt]:
    history = (*run.history, (State.RUNNING, now()), (State.SUCCESS, now()))
    attempt = Attempt(0, State.SUCCESS, history[1:], "worker-1")
    outputs = Outputs({"value": "a short output", "code": 0}, size=36)
    done = replace(
        run, state=State.SUCCESS, history=history, outputs=outputs, attempts=(attempt,), token=None
    )
    return done, attempt


def one_round(store: Store, *, claiming: bool) -> dict[str, float]:
    shards = store.acquire_shards("bench", lease_seconds=3600)
    heads = [new_head() for _ in range(EXECUTIONS)]
    with store.turn(shards) as turn:
        turn.write(Batch(new_heads=list(heads)))
    previous: list[tuple[Head, TaskRun]] = []
    spent = {"turns": 0.0, "claims": 0.0}
    for start in range(0, RUNS + BATCH, BATCH):
        batch = Batch(shards=shards)
        if start < RUNS:
            for index in range(start, start + BATCH):
                run = new_run(index)
                batch.new_task_runs[run.id] = (heads[index % EXECUTIONS], run)
        for head, run in previous:
            done, attempt = ended(run)
            batch.task_runs[run.id] = (head, done)
            batch.new_attempts.append((head, run.id, attempt))
        began = time.perf_counter()
        with store.turn(shards) as turn:
            turn.write(batch)
        spent["turns"] += time.perf_counter() - began
        previous = list(batch.new_task_runs.values())
        if claiming and previous:
            spent["claims"] += _claim(store, previous)
    closing = Batch(ended=[head.id for head in heads])
    with store.turn(shards) as turn:
        turn.write(closing)
    return {name: 1000 * seconds / RUNS for name, seconds in spent.items()}


def _claim(store: Store, runs: list[tuple[Head, TaskRun]]) -> float:
    wanted = [ClaimRequest(head.id, run.id, run.token or "", head.created_at) for head, run in runs]
    began = time.perf_counter()
    claimed = store.claim(wanted, "worker-1")
    if len(claimed) != len(runs):
        raise RuntimeError(f"{len(claimed)} of {len(runs)} attempts were claimed")
    return time.perf_counter() - began


@contextmanager
def postgres() -> Iterator[Store]:
    import psycopg
    from django.db import connections

    from executions.store.postgres import PostgresStore

    server = os.environ.get("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
    name = f"bench_store_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        info = psycopg.conninfo.conninfo_to_dict(server)
        _migrate({**_postgres_settings(info), "NAME": name})
        store = PostgresStore(psycopg.conninfo.make_conninfo(server, dbname=name))
        try:
            yield store
        finally:
            store.close()
            connections["default"].close()
            connection.execute(f'DROP DATABASE "{name}"')


def _postgres_settings(info: dict[str, Any]) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "USER": info.get("user", ""),
        "PASSWORD": info.get("password", ""),
        "HOST": info.get("host", ""),
        "PORT": info.get("port", ""),
    }


@contextmanager
def sqlite() -> Iterator[Store]:
    from django.db import connections

    from executions.store.sqlite import SqliteStore

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        _migrate({"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)})
        connections["default"].close()
        store = SqliteStore(path)
        try:
            yield store
        finally:
            store.close()


def _migrate(database: dict[str, Any]) -> None:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    from rest.database import engine_role

    connections["default"].close()
    del connections["default"]
    connections.databases["default"] = connections.configure_settings({"default": database})[
        "default"
    ]
    with engine_role():
        executor = MigrationExecutor(connections["default"])
        executor.migrate(executor.loader.graph.leaf_nodes("executions"))


STORES: dict[str, Callable[[], Any]] = {"postgres": postgres, "sqlite": sqlite}


def main() -> None:
    django.setup()
    for name in sys.argv[1:] or list(STORES):
        with STORES[name]() as store:
            store.beat("worker-1", group="", slots=8, lease_seconds=3600)
            for number in range(ROUNDS):
                spent = one_round(store, claiming=number > 0)
                figures = ", ".join(f"{key} {value:.4f}" for key, value in spent.items())
                print(f"{name} round {number + 1}: ms a task run: {figures} ({SHARDS} shards)")


if __name__ == "__main__":
    main()
