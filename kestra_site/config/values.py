"""Types of configuration values: durations, byte sizes, lists, addresses of databases."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from pydantic import BeforeValidator

_SHORT_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_SIZE = re.compile(r"(\d+)\s*([kmg]?)i?b?", re.IGNORECASE)
_SIZES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_LIBPQ = {
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "connect_timeout",
    "options",
}


def to_duration(value: Any) -> Any:
    if isinstance(value, timedelta) or value is None:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return timedelta(seconds=value)
    text = str(value).strip()
    short = _SHORT_DURATION.fullmatch(text)
    if short:
        return timedelta(seconds=float(short[1]) * _UNITS[short[2]])
    if text.upper().startswith("P"):
        from common.durations import parse_duration  # isodate costs the start-up more than it helps

        return parse_duration(text)
    raise ValueError("expected a duration such as 45s, 500ms or PT45S")


def to_size(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    match = _SIZE.fullmatch(str(value).strip())
    if not match:
        raise ValueError("expected a size in bytes such as 65536, 64KB or 1MB")
    return int(match[1]) * _SIZES[match[2].lower()]


def to_list(value: Any) -> Any:
    """A list, or the items of a text with commas, as environment variables write one."""
    if isinstance(value, str):
        return [item.strip() for item in value.split(",") if item.strip()]
    return value


Duration = Annotated[timedelta, BeforeValidator(to_duration)]
Size = Annotated[int, BeforeValidator(to_size)]
TextList = Annotated[tuple[str, ...], BeforeValidator(to_list)]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """Where the database is. `engine` is "sqlite" or "postgresql"; `name` is a path for SQLite."""

    engine: str
    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    options: dict[str, str] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """For messages: never the password."""
        if self.engine == "sqlite":
            return self.name
        return f"{self.host or 'the local socket'}:{self.port or 5432}/{self.name}"


def parse_database_url(url: str, *, user: str = "", password: str = "") -> DatabaseAddress:
    """`postgresql://…`, `sqlite:///…`, either also with `jdbc:` before it. Raises ValueError."""
    parts = urlsplit(url.removeprefix("jdbc:"))
    scheme = parts.scheme.split("+")[0]
    if scheme == "sqlite":
        return DatabaseAddress(engine="sqlite", name=parts.path.removeprefix("/") or ":memory:")
    if scheme not in ("postgres", "postgresql"):
        raise ValueError(
            "expected postgresql://host:port/database or sqlite:///path;"
            " other databases are not offered as back ends"
        )
    query = dict(parse_qsl(parts.query))
    return DatabaseAddress(
        engine="postgresql",
        name=unquote(parts.path.lstrip("/")) or "kestra",
        user=user or unquote(parts.username or "") or query.get("user", ""),
        password=password or unquote(parts.password or "") or query.get("password", ""),
        host=parts.hostname or query.get("host", ""),
        port=_port(parts),
        options=_connection_options(query),
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:  # its own message would show a part of a password with a colon
        raise ValueError("expected a number as port, and %-escapes in the password") from None


def _connection_options(query: dict[str, str]) -> dict[str, str]:
    options = {key: value for key, value in query.items() if key in _LIBPQ}
    if query.get("ssl", "").lower() == "true":
        options.setdefault("sslmode", "require")
    if "currentSchema" in query:
        options["options"] = f"-c search_path={query['currentSchema']}"
    return options
