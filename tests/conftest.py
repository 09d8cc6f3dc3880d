"""Chooses the database and the parts that tests run on, before Django's settings are read."""

import os
import re
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.parts import Part, find_parts, find_postgres_url
from tests.support.servers import PostgresServer, RedisServer

_IS_CI = os.environ.get("CI", "").lower() == "true"
_HOST = re.sub(r"\W", "_", socket.gethostname().lower())
_PART_OF_FIXTURE = {
    "_own_postgres": "own PostgreSQL",
    "_own_redis": "own Redis",
    "browser": "browser",
}
_PART_OF_MARK = {"postgres": "database", "redis": "own Redis"}
_CLEANING = 0x636C6E  # an advisory lock that nobody else takes
_PREFIX = f"test_kestra_{_HOST}_"


def _choose_surroundings() -> None:
    """Everything that the configuration is read from, whatever the developer's shell holds."""
    for name in [name for name in os.environ if name.startswith(("KESTRA_", "MICRONAUT_"))]:
        if name not in ("KESTRA_API_TOKEN", "KESTRA_HOSTNAME"):
            del os.environ[name]
    folder = tempfile.mkdtemp(prefix="kestra-test-")
    os.environ["KESTRA_DATA_DIR"] = folder
    os.environ["KESTRA_ENCRYPTION_SECRET_KEY"] = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
    os.environ["DATABASE_URL"] = find_postgres_url() or f"sqlite:///{folder}/kestra.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "kestra_site.settings"


def _name_the_database() -> None:
    """One for each process, so that runs side by side never meet."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        # what Django has filled in already stays: a worker of pytest-xdist may have asked before
        database.setdefault("TEST", {})["NAME"] = f"{_PREFIX}{os.getpid()}"
        _drop_left_behind(os.environ["DATABASE_URL"])


def _drop_left_behind(url: str) -> None:
    """Databases of test runs that were killed before they could clean up."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT pg_try_advisory_lock(%s)", [_CLEANING]).fetchone() != (True,):
            return  # another run cleans up just now
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_PREFIX}%"]
        ).fetchall()
        for (name,) in rows:
            pid = name.removeprefix(_PREFIX).split("_")[0]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists() and Path("/proc").exists():
                connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


_choose_surroundings()
_name_the_database()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips what needs a part that is not there; the summary names the part."""
    missing = {part.name for part in _missing()}
    for item in items:
        for part in sorted(_needs(item) & missing):
            item.add_marker(pytest.mark.skip(reason=f"{part} is missing"))


def _needs(item: pytest.Item) -> set[str]:
    """The parts that a test names by its marks and fixtures."""
    fixtures = set(getattr(item, "fixturenames", ()))
    needs = {part for fixture, part in _PART_OF_FIXTURE.items() if fixture in fixtures}
    return needs | {part for mark, part in _PART_OF_MARK.items() if item.get_closest_marker(mark)}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("parts")
    for part in find_parts():
        terminalreporter.write_line(f"{part.name}: {part.found or 'MISSING: ' + part.missing}")
    if _IS_CI and _missing():
        terminalreporter.write_line("failed: with CI=true every part must be there")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _IS_CI and _missing() and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _missing() -> list[Part]:
    return [part for part in find_parts() if part.missing]


@pytest.fixture(scope="session")
def _own_redis() -> Iterator[RedisServer]:
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def redis_server(_own_redis: RedisServer) -> RedisServer:
    """A running, empty Redis of the tests' own; it may be stopped and started."""
    _own_redis.start()
    _own_redis.empty()
    return _own_redis


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


@pytest.fixture(scope="session")
def _own_postgres() -> Iterator[PostgresServer]:
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
def postgres_server(_own_postgres: PostgresServer) -> PostgresServer:
    """A running PostgreSQL of the tests' own; it may be stopped and started."""
    _own_postgres.start()
    return _own_postgres
