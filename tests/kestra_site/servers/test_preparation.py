"""Migrations at the start: one question when there is nothing to do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kestra_site.servers import preparation
from kestra_site.servers.preparation import migrate_database
from rest.database import engine_role


@pytest.fixture
def migrations(monkeypatch):
    """The calls of `migrate`."""
    calls = []
    monkeypatch.setattr("django.core.management.call_command", lambda name, **_: calls.append(name))
    return calls


@pytest.mark.django_db
def test_database_that_is_up_to_date_is_asked_once_about_its_migrations(migrations):
    with CaptureQueriesContext(connection) as queries:
        migrate_database()

    asked = [query["sql"] for query in queries if "django_migrations" in query["sql"]]
    assert len(asked) == 1
    assert migrations == []


@pytest.mark.django_db
def test_database_that_lacks_a_migration_is_migrated(migrations):
    with engine_role(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'flows'")

    migrate_database()

    assert migrations == ["migrate"]


@pytest.mark.django_db
def test_names_of_files_are_those_that_django_knows():
    from django.db.migrations.loader import MigrationLoader

    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)

    assert preparation._shipped_migrations() == known
