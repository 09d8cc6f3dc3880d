"""The database: SQLite in the data folder, or PostgreSQL."""

from typing import Any

from kestra_site.config import Configuration, current_configuration

_BUSY_SECONDS = 5
_SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
)


def database_settings(configuration: Configuration) -> dict[str, Any]:
    address = configuration.database
    if address.engine == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": address.name,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a reader that turns writer would fail at once
                "timeout": _BUSY_SECONDS,
                "init_command": _SQLITE_START,
            },
        }
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "kestra-site", **address.options},
    }
    if configuration.component == "webserver":  # its threads come and go with the requests
        settings["CONN_MAX_AGE"] = 0
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 16, "timeout": 10}
    return settings


DATABASES = {"default": database_settings(current_configuration())}
