import pytest
from django.db import DatabaseError, connection
from django.db.migrations.state import ProjectState

from common.errors import Misconfigured
from rest.row_security import CreateAppRole, EnableRowLevelSecurity, OnPostgreSQL

OPERATIONS = [
    CreateAppRole(),
    EnableRowLevelSecurity("flows_flow"),
    OnPostgreSQL(["CREATE TRIGGER"], ["DROP TRIGGER"]),
]


class Editor:
    """A schema editor that notes what it is told."""

    def __init__(self, vendor: str, refuses: bool = False) -> None:
        self.connection = connection if vendor == "postgresql" else self
        self.vendor = vendor
        self.refuses = refuses
        self.told: list[str] = []

    def execute(self, sql: str, params: object = None) -> None:
        if self.refuses:
            raise DatabaseError("permission denied to create role")
        self.told.append(sql)

    def quote_name(self, name: str) -> str:
        return f'"{name}"'


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: type(operation).__name__)
@pytest.mark.parametrize("vendor", ["sqlite", "mysql"])
def test_other_databases_are_left_alone(operation, vendor: str) -> None:
    editor = Editor(vendor)

    operation.database_forwards("flows", editor, ProjectState(), ProjectState())
    operation.database_backwards("flows", editor, ProjectState(), ProjectState())

    assert editor.told == []
    assert operation.describe()


def test_without_the_privilege_the_sql_for_an_administrator_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = {"SELECT quote_ident(session_user)": "web"}
    operation = CreateAppRole()
    monkeypatch.setattr(operation, "_scalar", lambda _, sql: answers.get(sql, 0))

    with pytest.raises(Misconfigured) as caught:
        operation.apply(Editor("postgresql", refuses=True))

    assert "CREATE ROLE kestra_app NOLOGIN; GRANT kestra_app TO web;" in str(caught.value)


def test_a_role_that_is_there_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    operation = CreateAppRole()
    monkeypatch.setattr(operation, "_scalar", lambda _, sql: 1)
    editor = Editor("postgresql")

    operation.apply(editor)

    assert not any("CREATE ROLE" in statement for statement in editor.told)
    assert any("ALTER DEFAULT PRIVILEGES" in statement for statement in editor.told)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_row_level_security_can_be_taken_back() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's")
    from rest.database import engine_role

    operation = EnableRowLevelSecurity("rbac_group")
    state = ProjectState()
    with engine_role(), connection.schema_editor() as editor:
        operation.database_backwards("rbac", editor, state, state)
        operation.database_forwards("rbac", editor, state, state)

    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'rbac_group'")
        assert cursor.fetchone() == (True,)
