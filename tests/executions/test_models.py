"""The engine's tables as Django sees them, and as the stores write them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from common.ids import new_id, shard_of
from common.tenancy import NoTenant, tenant_scope
from executions.executor.model import Head, Outputs, TaskRun
from executions.models import Attempt, Execution, HasLabel, LogEntry, Shard
from executions.models import TaskRun as TaskRunRow
from executions.store import rows
from executions.store.columns import EXECUTION, TASK_RUN, WRITTEN, Table
from plugins.contracts.state import State
from rest.database import engine_role

NOW = datetime(2024, 12, 20, 17, 12, 37, 412345, tzinfo=UTC)

# What a field may be for the type that the array SQL gives its column.
FIELDS = {
    "text": (models.CharField, models.TextField),
    "int": (models.IntegerField,),
    "smallint": (models.SmallIntegerField,),
    "bigint": (models.BigIntegerField,),
    "boolean": (models.BooleanField,),
    "date": (models.DateField,),
    "timestamptz": (models.DateTimeField,),
    "jsonb": (models.JSONField,),
    "double precision": (models.FloatField,),
}


def _fields_of(table: Table) -> dict[str, Any]:
    (model,) = [model for model in apps.get_models() if model._meta.db_table == table.name]
    return {field.column: field for field in model._meta.concrete_fields}


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_each_column_that_is_written_is_a_field_of_that_type(table):
    fields = _fields_of(table)
    for name, kind in table.columns.items():
        assert isinstance(fields[name], FIELDS[kind]), f"{table.name}.{name} is not {kind}"


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_what_is_not_written_may_be_left_out(table):
    left_out = [field for name, field in _fields_of(table).items() if name not in table.columns]
    must = [f.name for f in left_out if not (f.null or f.has_db_default() or f.primary_key)]
    assert must == []


@pytest.mark.parametrize("table", WRITTEN, ids=lambda table: table.name)
def test_keys_and_fixed_columns_are_columns(table):
    assert {*table.key, *table.fixed} <= set(table.columns)


def _create(**changes: Any) -> Execution:
    key = new_id()
    values = {
        "public_id": key,
        "tenant": "main",
        "namespace": "company",
        "flow_id": "flow",
        "flow_revision": 1,
        "shard": shard_of(key),
        "state": State.SUCCESS,
        "history": [],
        "created_at": NOW,
        "started_at": NOW,
        "labels": [],
        "original_id": key,
    }
    with tenant_scope(values["tenant"]):
        return Execution.objects.create(**{**values, **changes})


@pytest.mark.django_db
def test_executions_are_found_by_their_labels():
    both = _create(labels=[{"key": "team", "value": "a b"}, {"key": "x", "value": '"y"%'}])
    _create(labels=[{"key": "team", "value": "other"}])
    _create(labels=[{"key": "a b", "value": "team"}])
    with tenant_scope("main"):
        assert list(Execution.objects.filter(HasLabel("team", "a b"))) == [both]
        found = Execution.objects.filter(HasLabel("team", "a b"), HasLabel("x", '"y"%'))
        assert list(found.order_by("id")) == [both]
        assert not Execution.objects.filter(HasLabel("team", "a b"), ~HasLabel("x", '"y"%'))


@pytest.mark.django_db
def test_rows_of_another_tenant_are_not_seen():
    execution = _create()
    assert str(execution) == execution.public_id
    with tenant_scope("other"):
        assert not Execution.objects.exists()
    with pytest.raises(NoTenant):
        list(Execution.objects.all())


@pytest.mark.django_db
@pytest.mark.parametrize("model", [TaskRunRow, Attempt, LogEntry])
def test_tables_of_tenants_are_scoped(model):
    with pytest.raises(NoTenant):
        list(model.objects.all())


@pytest.mark.django_db
def test_new_rows_of_the_engine_get_their_defaults():
    shard = Shard.objects.create(number=3)
    shard.refresh_from_db()
    assert (shard.owner, shard.epoch, shard.lease_until) == (None, 0, None)
    execution = _create()
    with tenant_scope("main"):
        execution.refresh_from_db()
    assert (execution.is_open, execution.set_aside, execution.failures) == (True, False, 0)
    assert execution.kind == "NORMAL"


@pytest.mark.django_db
def test_django_reads_what_the_store_writes():
    history = ((State.CREATED, NOW), (State.SUCCESS, NOW))
    trigger = {"id": "sub", "variables": {"executionId": "parent"}}
    key = new_id()
    head = Head(
        key,
        "main",
        "company",
        "flow",
        1,
        State.SUCCESS,
        history,
        key,
        NOW,
        labels=(("k", "v"),),
        inputs={"b": 1, "a": [1.0, None]},
        trigger=trigger,
    )
    run = TaskRun(new_id(), 0, "task", State.CREATED, history[:1], outputs=Outputs({"x": 1}))
    with engine_role(), connection.cursor() as cursor:
        for table, row in (
            (EXECUTION, rows.head_values(head, is_open=False)),
            (TASK_RUN, rows.task_run_values(head, run)),
        ):
            names = ", ".join(connection.ops.quote_name(name) for name in table.names)
            marks = ", ".join(["%s"] * len(row))
            values = [
                bool(v) if n == "is_open" else v for n, v in zip(table.names, row, strict=True)
            ]
            cursor.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", values)
    with tenant_scope("main"):
        execution = Execution.objects.get(HasLabel("k", "v"))
        task_run = TaskRunRow.objects.get(day=NOW.date(), execution_id=key)
    assert execution.public_id == key
    assert execution.history == [[state, "2024-12-20T17:12:37.412345Z"] for state, _ in history]
    assert (execution.created_at, execution.started_at, execution.ended_at) == (NOW, NOW, NOW)
    assert list(execution.inputs.items()) == [("b", 1), ("a", [1.0, None])]
    assert (execution.trigger_id, execution.trigger_execution_id) == ("sub", "parent")
    assert task_run.outputs == {"x": 1}
    assert (task_run.started_at, task_run.ended_at, task_run.worker_id) == (NOW, None, None)
