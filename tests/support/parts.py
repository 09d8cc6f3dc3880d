"""What the tests would like to find on the machine, and what was found. A missing part is said
in the summary, and with `CI=true` it fails the run."""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from tests.support.servers import DEFAULT_POSTGRES, postgres_program


@dataclass(frozen=True)
class Part:
    """`found` says what is used; `missing` what the lack of it costs. One of them is empty."""

    name: str
    found: str = ""
    missing: str = ""


@cache
def find_parts() -> tuple[Part, ...]:
    """Looked for once a run."""
    return tuple(detect() for detect in DETECTORS)


@cache
def find_postgres_url() -> str | None:
    """DATABASE_URL, else the default place when it answers. A named server that does not answer
    is an error of the run, not a missing part."""
    named = os.environ.get("DATABASE_URL", "")
    if named:
        return named if urlsplit(named).scheme.startswith("postgres") else None
    import psycopg

    try:
        psycopg.connect(DEFAULT_POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return DEFAULT_POSTGRES


def _database() -> Part:
    url = find_postgres_url()
    if url is None:
        return Part("database", missing="PostgreSQL does not answer: the tests ran on SQLite")
    parts = urlsplit(url)
    return Part("database", found=f"PostgreSQL at {parts.hostname}:{parts.port or 5432}")


def _postgres_programs() -> Part:
    if postgres_program("initdb") and postgres_program("pg_ctl"):
        return Part("own PostgreSQL", found=str(postgres_program("initdb")))
    return Part("own PostgreSQL", missing="initdb and pg_ctl are not installed")


def _redis_program() -> Part:
    program = shutil.which("redis-server")
    if program:
        return Part("own Redis", found=program)
    return Part("own Redis", missing="redis-server is not on the PATH")


def find_chromium() -> str | None:
    return shutil.which(os.environ.get("CHROMIUM", "chromium"))


def _chromium() -> Part:
    program = find_chromium()
    if program:
        return Part("browser", found=program)
    return Part("browser", missing="chromium is not on the PATH, nor named in CHROMIUM")


DETECTORS: tuple[Callable[[], Part], ...] = (
    _database,
    _postgres_programs,
    _redis_program,
    _chromium,
)
