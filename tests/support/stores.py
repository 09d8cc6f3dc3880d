"""The engine's store under test: an empty database of each kind, and values to write."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from common.ids import new_id, shard_of
from executions.executor.model import Attempt, Head, TaskRun
from executions.store.contract import (
    Batch,
    ClaimRequest,
    InboxRow,
    LogRow,
    Store,
    TimerRow,
)
from executions.store.postgres import PostgresStore
from executions.store.sqlite import SqliteStore
from plugins.contracts.state import State
from tests.support.parts import find_postgres_url

NOW = datetime(2024, 12, 20, 17, 12, 37, 412345, tzinfo=UTC)
TABLES = "execution taskrun attempt logentry metric inboxrow timer shard executorlease workerlease"


# ---- the databases ------------------------------------------------------------------------------
def _migrate(alias: str, database: dict[str, Any]) -> None:
    from rest.database import engine_role  # a conftest is imported before the apps are there

    connections.databases[alias] = connections.configure_settings({"default": database})["default"]
    try:
        with engine_role():
            executor = MigrationExecutor(connections[alias])
            executor.migrate(executor.loader.graph.leaf_nodes("executions"))
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: Any, django_db_blocker: Any) -> Path:
    path = tmp_path_factory.mktemp("store") / "template.sqlite3"
    with django_db_blocker.unblock():
        _migrate("store_sqlite", {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)})
    return path


@pytest.fixture(scope="session")
def postgres_database(django_db_blocker: Any) -> Iterator[str]:
    import psycopg

    server = find_postgres_url()
    if server is None:
        pytest.skip("PostgreSQL does not answer")
    name = f"test_store_{os.getpid()}"
    info = psycopg.conninfo.conninfo_to_dict(server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            with django_db_blocker.unblock():
                database = {key.upper(): info.get(key, "") for key in ("user", "password", "host")}
                engine = "django.db.backends.postgresql"
                port = info.get("port", "")
                _migrate("store_pg", {**database, "PORT": port, "NAME": name, "ENGINE": engine})
            yield psycopg.conninfo.make_conninfo(server, dbname=name)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def sqlite_path(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "store.sqlite3"))


@pytest.fixture
def empty_database(postgres_database: str) -> str:
    import psycopg

    with psycopg.connect(postgres_database) as connection:
        for name in TABLES.split():  # TRUNCATE makes new files, and syncs each of them
            connection.execute(f"DELETE FROM executions_{name}")
    return postgres_database


@pytest.fixture
def sqlite_store(sqlite_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(sqlite_path)
    yield store
    store.close()


@pytest.fixture
def postgres_store(empty_database: str) -> Iterator[PostgresStore]:
    store = PostgresStore(empty_database)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def open_store(request: Any) -> Iterator[Callable[[], Store]]:
    """Opens a store over one empty database; each call is another process, as it were."""
    is_sqlite = request.param == "sqlite"
    place = request.getfixturevalue("sqlite_path" if is_sqlite else "empty_database")
    opened: list[Store] = []

    def open_one() -> Store:
        opened.append(SqliteStore(place) if is_sqlite else PostgresStore(place))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], Store]) -> Store:
    return open_store()


@pytest.fixture
def shards(store: Store) -> dict[int, int]:
    return store.acquire_shards("owner", lease_seconds=60)


# ---- values -------------------------------------------------------------------------------------
def a_head(**changes: Any) -> Head:
    key = changes.pop("id", None) or new_id()
    history = ((State.CREATED, NOW),)
    head = Head(key, "main", "company.team", "flow", 1, State.CREATED, history, key, NOW)
    return replace(head, **changes)


def a_run(**changes: Any) -> TaskRun:
    history = ((State.CREATED, NOW),)
    run = TaskRun(new_id(), 0, "task", State.CREATED, history, token=new_id())
    return replace(run, **changes)


def an_attempt(number: int = 0, **changes: Any) -> Attempt:
    history = ((State.RUNNING, NOW), (State.FAILED, NOW + timedelta(seconds=1)))
    return replace(Attempt(number, State.FAILED, history, "worker-1"), **changes)


def a_log(head: Head, **changes: Any) -> LogRow:
    row = LogRow(
        tenant=head.tenant,
        namespace=head.namespace,
        flow_id=head.flow_id,
        execution_id=head.id,
        task_id="task",
        task_run_id=None,
        attempt=0,
        level="ERROR",
        message="went wrong",
        timestamp=NOW,
        day=head.created_at,
    )
    return replace(row, **changes)


def a_timer(head: Head, token: str, **changes: Any) -> TimerRow:
    timer = TimerRow(NOW, shard_of(head.id), head.id, None, "RETRY", token)
    return replace(timer, **changes)


def request_for(head: Head, run: TaskRun) -> ClaimRequest:
    return ClaimRequest(head.id, run.id, run.token or "", head.created_at)


def write(store: Store, shards: dict[int, int], batch: Batch) -> list[InboxRow]:
    with store.turn(shards) as turn:
        return turn.write(batch)


def write_new(store: Store, shards: dict[int, int], head: Head, *runs: TaskRun) -> None:
    write(
        store, shards, Batch(new_heads=[head], new_task_runs={run.id: (head, run) for run in runs})
    )


def save(store: Store, shards: dict[int, int], head: Head, *runs: TaskRun) -> None:
    write(
        store,
        shards,
        Batch(heads={head.id: head}, task_runs={run.id: (head, run) for run in runs}),
    )
