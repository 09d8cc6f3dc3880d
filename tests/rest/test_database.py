import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from common.tenancy import tenant_scope
from rbac.models import Group
from rest.database import APP_ROLE, engine_role
from rest.scoping import unscoped

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
]

COUNT = "SELECT count(*) FROM rbac_group"


@pytest.fixture(autouse=True)
def two_tenants(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    for tenant in ("one", "two"):
        with tenant_scope(tenant):
            Group.objects.create(name=f"group of {tenant}")


def ask(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def server_tenant() -> object:
    """What the server holds now, past the wall that would set it anew."""
    return connection.connection.execute("SELECT current_setting('app.tenant', true)").fetchone()[0]


def test_statements_run_as_the_role_of_the_web() -> None:
    assert ask("SELECT current_user") == APP_ROLE


def test_plain_sql_sees_only_the_current_tenants_rows() -> None:
    with tenant_scope("one"):
        assert ask(COUNT) == 1
        assert ask("SELECT name FROM rbac_group") == "group of one"


def test_plain_sql_outside_a_tenant_sees_nothing() -> None:
    assert ask(COUNT) == 0


def test_nothing_is_left_of_a_tenant_for_the_next_user_of_the_connection() -> None:
    with tenant_scope("one"):
        ask(COUNT)

    with tenant_scope("two"):
        assert ask("SELECT name FROM rbac_group") == "group of two"
    assert ask(COUNT) == 0


def test_plain_sql_cannot_write_for_another_tenant() -> None:
    insert = (
        "INSERT INTO rbac_group (public_id, tenant, name, description, is_external)"
        " VALUES ('x', 'two', 'stolen', '', false) RETURNING id"
    )

    with tenant_scope("one"), pytest.raises(DatabaseError, match="row-level security"):
        ask(insert)


def test_unscoped_sees_all() -> None:
    with unscoped():
        assert ask(COUNT) == 2
    assert Group.objects.unscoped().count() == 2
    assert ask(COUNT) == 0


def test_the_engine_sees_all() -> None:
    with engine_role():
        assert ask(COUNT) == 2
        assert ask("SELECT current_user") != APP_ROLE
    assert ask("SELECT current_user") == APP_ROLE


def test_a_tenant_set_in_a_transaction_that_is_rolled_back_is_set_again() -> None:
    with tenant_scope("one"):
        assert ask(COUNT) == 1
    with tenant_scope("two"), transaction.atomic():
        assert ask("SELECT name FROM rbac_group") == "group of two"
        transaction.set_rollback(True)
    assert server_tenant() == "one"

    with tenant_scope("two"):
        assert ask("SELECT name FROM rbac_group") == "group of two"


def test_a_tenant_set_below_a_savepoint_that_is_rolled_back_is_set_again() -> None:
    with transaction.atomic():
        with tenant_scope("one"):
            ask(COUNT)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            with tenant_scope("two"):
                ask(COUNT)
            raise ZeroDivisionError

        with tenant_scope("two"):
            assert ask("SELECT name FROM rbac_group") == "group of two"


def test_the_same_tenant_costs_no_further_round_trip(monkeypatch: pytest.MonkeyPatch) -> None:
    from rest import database

    calls = []
    settle = database._set_role_and_tenant
    monkeypatch.setattr(
        database, "_set_role_and_tenant", lambda *args: (calls.append(args), settle(*args))
    )
    with tenant_scope("one"):
        ask(COUNT)
        ask(COUNT)
        with transaction.atomic():
            ask(COUNT)
        ask(COUNT)

    assert len(calls) == 1


def test_a_failed_transaction_can_be_left() -> None:
    with tenant_scope("one"):
        with pytest.raises(DatabaseError), transaction.atomic():
            ask("SELECT nothing")
        assert ask(COUNT) == 1


def test_the_web_can_neither_truncate_nor_alter() -> None:
    for statement in (
        "TRUNCATE rbac_group CASCADE",
        "ALTER TABLE rbac_group DISABLE ROW LEVEL SECURITY",
    ):
        with pytest.raises(ProgrammingError), tenant_scope("one"), transaction.atomic():
            connection.cursor().execute(statement)


def test_every_scoped_table_has_row_level_security() -> None:
    from django.apps import apps

    from rest.scoping import TenantScoped

    tables = {m._meta.db_table for m in apps.get_models() if issubclass(m, TenantScoped)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        secured = {name for (name,) in cursor.fetchall()}

    assert tables - secured == set()
