"""Partitions by day: made ahead, filled from the DEFAULT one, hidden from the web's role."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from common.clock import now
from common.ids import new_id
from common.tenancy import tenant_scope
from executions.models import TaskRun
from executions.store.partitions import (
    PARTITIONED,
    day_of_partition,
    ensure_partitions,
    partition_name,
    partitions_of,
)
from rest.database import engine_role

DAY = date(2031, 5, 17)


@pytest.fixture(autouse=True)
def _on_postgres(db: None) -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has partitions")
    yield


pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def _write_task_run(day: date) -> TaskRun:
    with tenant_scope("main"):
        return TaskRun.objects.create(
            day=day,
            public_id=new_id(),
            execution_id=new_id(),
            seq=0,
            namespace="company",
            flow_id="flow",
            task_id="task",
            state="CREATED",
            history=[],
            token=new_id(),
        )


def _partition_of(task_run: TaskRun) -> str:
    with engine_role(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text FROM executions_taskrun WHERE public_id = %s",
            [task_run.public_id],
        )
        return str(cursor.fetchone()[0])


def test_the_first_migration_makes_the_default_and_the_next_days():
    today = now().date()
    for table in PARTITIONED:
        found = partitions_of(connection, table)
        assert f"{table}_default" in found
        days = {day_of_partition(name) for name in found} - {None}
        assert len(days) == len(found) - 1 >= 3
        assert max(day for day in days if day) >= today


def test_partitions_are_made_ahead_once():
    made = ensure_partitions(2, today=DAY)
    days = [DAY + timedelta(days=offset) for offset in (-1, 0, 1, 2)]
    assert made == [partition_name(table, day) for table in PARTITIONED for day in days]
    assert ensure_partitions(2, today=DAY) == []


def test_rows_move_from_the_default_when_their_partition_is_made():
    task_run, other = _write_task_run(DAY), _write_task_run(DAY + timedelta(days=30))
    assert _partition_of(task_run) == "executions_taskrun_default"
    ensure_partitions(1, today=DAY)
    assert _partition_of(task_run) == partition_name("executions_taskrun", DAY)
    assert _partition_of(other) == "executions_taskrun_default"
    with tenant_scope("main"):
        assert TaskRun.objects.get(day=DAY, public_id=task_run.public_id).pk == task_run.pk


def test_a_new_partition_has_the_indexes_and_settings_of_a_hot_table():
    ensure_partitions(0, today=DAY)
    name = partition_name("executions_taskrun", DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reloptions FROM pg_class WHERE relname = %s", [name])
        options = dict(option.split("=") for option in cursor.fetchone()[0])
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = %s", [name])
        indexes = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'executions_taskrun'")
        assert indexes == cursor.fetchone()[0]
    assert options["fillfactor"] == "80"
    assert float(options["autovacuum_vacuum_scale_factor"]) < 0.1


def test_the_role_of_the_web_cannot_go_round_the_table():
    ensure_partitions(0, today=DAY)
    task_run = _write_task_run(DAY)
    name = partition_name("executions_taskrun", DAY)
    for partition in (name, "executions_taskrun_default"):
        with (
            tenant_scope("other"),
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM {partition}")
    with tenant_scope("main"), connection.cursor() as cursor:
        cursor.execute("SELECT public_id FROM executions_taskrun")
        assert cursor.fetchall() == [(task_run.public_id,)]


@pytest.mark.parametrize("table", PARTITIONED)
def test_no_index_begins_with_the_day(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table])
        definitions = [definition for (definition,) in cursor.fetchall()]
    assert definitions
    assert not [definition for definition in definitions if "(day" in definition]


def test_a_search_by_day_and_execution_touches_one_partition():
    ensure_partitions(3, today=DAY)
    created = datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC)
    with engine_role(), connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN SELECT * FROM executions_taskrun WHERE day = %s AND execution_id = %s",
            [created.date(), new_id()],
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert partition_name("executions_taskrun", DAY) in plan
    assert "default" not in plan
