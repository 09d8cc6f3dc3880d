"""What every server does before its work: folders, keys, Django, migrations, the first user."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from common.actor import COMMAND_LINE, SYSTEM
from common.errors import Conflict, Invalid, KestraError, Misconfigured
from common.tenancy import DEFAULT_TENANT, tenant_scope
from kestra_site.config import Configuration
from kestra_site.encryption import ensure_key_file, require_encryption_key
from kestra_site.flow_files import read_flow_sources
from kestra_site.paths import VITE_MANIFEST
from kestra_site.servers.surroundings import require_servers

log = logging.getLogger(__name__)

LOCK_FILE = "server.lock"
PAGE_COMPONENTS = ("local", "webserver")
ENGINE_COMPONENTS = ("executor", "scheduler", "worker")
_MIGRATION_LOCK = 0x6B657374  # any number that nobody else takes as PostgreSQL's advisory lock


def prepare_data_folder(configuration: Configuration) -> IO[str]:
    """Makes the folder and holds its lock until the file is closed. Raises Conflict when another
    server runs on it, Misconfigured when it cannot be written."""
    folder = configuration.kestra.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK_FILE).open("a+", encoding="ascii")
    except OSError as error:
        raise Misconfigured(
            f"the data folder {folder} cannot be used: {error.strerror};"
            " name another one with --data-dir"
        ) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "unknown"
        lock.close()
        raise Conflict(
            f"another server (process {holder}) runs on the data folder {folder};"
            " stop it, or name another folder with --data-dir"
        ) from error
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def start_django(configuration: Configuration) -> None:
    """Sets Django up, says what the configuration warned of, and brings the database up to date."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kestra_site.settings")
    if configuration.component == "local":
        ensure_key_file(configuration)
    require_encryption_key(configuration)
    require_servers(configuration)
    import django

    django.setup()
    for warning in configuration.warnings:
        log.warning("%s", warning)
    if configuration.component in PAGE_COMPONENTS and not VITE_MANIFEST.is_file():
        log.warning("The pages are not built: run `make install`, then start the server again")
    if configuration.component in ENGINE_COMPONENTS:
        from rest.database import use_engine_role

        use_engine_role()
    migrate_database()


def migrate_database() -> None:
    """Applies what is missing, one process at a time, and makes the partitions of the next days."""
    from django.core.management import call_command
    from django.db import connection

    from executions.store.partitions import ensure_partitions
    from rest.database import engine_role

    with engine_role(), _one_migrator(connection):
        if _shipped_migrations() - _applied_migrations(connection):
            log.info("Bringing the database up to date")
            call_command("migrate", verbosity=0, interactive=False)
        ensure_partitions()


def _shipped_migrations() -> set[tuple[str, str]]:
    """Read off the names of the files: importing them would take longer than all the rest."""
    from django.apps import apps

    return {
        (app.label, file.stem)
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }


def _applied_migrations(connection: Any) -> set[tuple[str, str]]:
    from django.db.utils import DatabaseError

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return set(cursor.fetchall())
    except DatabaseError:
        if connection.connection is None:
            raise  # there is no database to ask
        return set()  # an empty database: not even Django's table of migrations is there


@contextmanager
def _one_migrator(connection: Any) -> Iterator[None]:
    if connection.vendor != "postgresql":  # the lock on the data folder is enough
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATION_LOCK])


def create_first_administrator(configuration: Configuration) -> None:
    """Makes the default tenant, and the configured super-admin unless there is a user already."""
    from rbac.passwords import check_password_rule  # these need Django set up
    from rbac.services.setup import create_first_administrator as create
    from rbac.services.setup import is_set_up
    from tenants.services import ensure_tenant

    ensure_tenant(actor=SYSTEM, id=DEFAULT_TENANT)
    chosen = configuration.first_administrator
    if is_set_up():
        return
    if not chosen.username:
        log.info("There is no user yet: open %s/ui/ to make the first", configuration.public_url)
        return
    password = chosen.password.get_secret_value()
    try:
        check_password_rule(password)
    except Invalid as weakness:
        log.warning("The first administrator's password is weak: %s", weakness)
    create(username=chosen.username, password=password, enforce_password_rule=False)
    log.info("Made the first administrator %s", chosen.username)


def load_flows(folder: Path | None) -> None:
    """Saves the flows of a folder in the default tenant. One that is not valid is told and left."""
    if folder is None:
        return
    from flows.services.saving import read_source, save_flow  # needs Django set up

    saved = 0
    for file, source in read_flow_sources(folder):
        try:
            with tenant_scope(DEFAULT_TENANT):
                save_flow(actor=COMMAND_LINE, parsed=read_source(source))
            saved += 1
        except KestraError as error:
            log.warning("The flow in %s was not loaded: %s", file, error)
    log.info("Loaded %s flows from %s", saved, folder)
