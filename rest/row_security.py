"""Migration operations of the second wall. Without effect but on PostgreSQL.

operations = [CreateModel(...), EnableRowLevelSecurity("flows_flow")]
"""

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from common.errors import Misconfigured
from rest.database import APP_ROLE

_TENANT = "(SELECT current_setting('app.tenant', true))"


class PostgreSQLOperation(Operation):
    """Changes nothing in the models, and only one kind of database."""

    reversible = True
    reduces_to_sql = False

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self.apply(schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor == "postgresql":
            self.revert(schema_editor)

    def apply(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        raise NotImplementedError

    def revert(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        raise NotImplementedError


class OnPostgreSQL(PostgreSQLOperation):
    """Statements for PostgreSQL alone: triggers, special indexes."""

    def __init__(self, forward: Sequence[str], backward: Sequence[str] = ()) -> None:
        self.forward = forward
        self.backward = backward

    def apply(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in self.forward:
            schema_editor.execute(statement, params=None)

    def revert(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        for statement in self.backward:
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        return "Statements for PostgreSQL"


class EnableRowLevelSecurity(PostgreSQLOperation):
    """The role of the web sees and writes only rows whose `column` is the current tenant.

    A row without a tenant (instance-wide) is seen where no tenant is current."""

    def __init__(self, table: str, column: str = "tenant") -> None:
        self.table = table
        self.column = column

    def apply(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        table, column = schema_editor.quote_name(self.table), schema_editor.quote_name(self.column)
        rule = f"coalesce({column}, '') = {_TENANT} OR {_TENANT} = '*'"
        if self._is_required(schema_editor):
            rule = f"{column} = {_TENANT} OR {_TENANT} = '*'"
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY kestra_tenant ON {table} TO {APP_ROLE} USING ({rule})"
            f" WITH CHECK ({rule})",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}",
        ):
            schema_editor.execute(statement, params=None)

    def revert(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"DROP POLICY kestra_tenant ON {table}", params=None)
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY", params=None)

    def describe(self) -> str:
        return f"Enable row-level security on {self.table}"

    def _is_required(self, schema_editor: BaseDatabaseSchemaEditor) -> bool:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT attnotnull FROM pg_attribute"
                " WHERE attrelid = to_regclass(%s) AND attname = %s",
                [schema_editor.quote_name(self.table), self.column],
            )
            row = cursor.fetchone()
        return bool(row and row[0])


class CreateAppRole(PostgreSQLOperation):
    """The role of the web, its rights on all tables that are and will be, and our right to be it.

    Where the database user may not make roles, stops with the SQL for an administrator."""

    def apply(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        self._ensure_membership(schema_editor)
        for kind, rights in (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "USAGE, SELECT"),
        ):
            for statement in (
                f"GRANT {rights} ON ALL {kind} IN SCHEMA public TO {APP_ROLE}",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {APP_ROLE}",
            ):
                schema_editor.execute(statement, params=None)
        schema_editor.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}", params=None)

    def revert(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        """The role stays: other databases of the server may use it."""

    def describe(self) -> str:
        return f"Create the database role {APP_ROLE}"

    def _ensure_membership(self, schema_editor: BaseDatabaseSchemaEditor) -> None:
        user = self._scalar(schema_editor, "SELECT quote_ident(session_user)")
        has_role = f"SELECT count(*) FROM pg_roles WHERE rolname = '{APP_ROLE}'"  # noqa: S608  # a constant
        is_member = f"SELECT pg_has_role('{APP_ROLE}', 'MEMBER')"
        create, grant = f"CREATE ROLE {APP_ROLE} NOLOGIN", f"GRANT {APP_ROLE} TO {user}"
        try:
            if not self._scalar(schema_editor, has_role):
                schema_editor.execute(_tolerating_a_race(create), params=None)
            if not self._scalar(schema_editor, is_member):
                schema_editor.execute(grant, params=None)
        except DatabaseError as error:
            raise Misconfigured(
                f"the database user {user} may not make the role {APP_ROLE};"
                f" as an administrator run `{create}; {grant};` and migrate again"
            ) from error

    def _scalar(self, schema_editor: Any, sql: str) -> Any:
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]


def _tolerating_a_race(statement: str) -> str:
    """Roles belong to the whole server: another database's migration may be quicker."""
    return (
        f"DO $$ BEGIN {statement}; EXCEPTION WHEN duplicate_object OR unique_violation"
        " THEN NULL; END $$"
    )
