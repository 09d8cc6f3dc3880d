"""Whether the servers that a distributed part needs are there, asked before anything is started:
later each library would say it in its own many lines, and after its own patience."""

from typing import Any
from urllib.parse import urlsplit

from common.errors import Unavailable
from kestra_site.config import Configuration
from kestra_site.config.values import DatabaseAddress

_PATIENCE_SECONDS = 5


def require_servers(configuration: Configuration) -> None:
    """Raises Unavailable. The embedded server needs none."""
    if configuration.is_embedded:
        return
    _require_database(configuration.database)
    if configuration.component != "scheduler":
        _require_redis(configuration.redis_url)


def _require_database(address: DatabaseAddress) -> None:
    import psycopg  # these two cost the embedded server nothing

    given: dict[str, Any] = {
        "dbname": address.name,
        "user": address.user,
        "password": address.password,
        "host": address.host,
        "port": address.port,
        "connect_timeout": _PATIENCE_SECONDS,
        **address.options,
    }
    try:
        psycopg.connect(**{name: value for name, value in given.items() if value}).close()
    except psycopg.OperationalError as error:
        reason = str(error).strip().split("\n")[0]
        raise Unavailable(f"the database at {address.place} cannot be used: {reason}") from error


def _require_redis(url: str) -> None:
    import redis

    place = urlsplit(url)
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=_PATIENCE_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        where = f"{place.hostname}:{place.port or 6379}"
        raise Unavailable(f"Redis at {where} cannot be used: {error}") from error
