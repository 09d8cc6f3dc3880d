"""Logs: one plain line each on standard error, with its fields behind it."""

from typing import Any

from kestra_site.config import current_configuration

_ENGINE_LOGGERS = ("kestra_site", "executions", "flows", "rbac", "tenants", "audit", "plugins")


def _levels() -> dict[str, dict[str, Any]]:
    """`logger.levels` of the configuration; `io.kestra` stands for our own loggers."""
    loggers: dict[str, dict[str, Any]] = {}
    for name, level in current_configuration().logger.levels.items():
        known = {"TRACE": "DEBUG", "WARN": "WARNING", "OFF": "CRITICAL"}
        wanted = {"level": known.get(level.upper(), level.upper())}
        names = _ENGINE_LOGGERS if name.startswith("io.kestra") else (name,)
        loggers.update(dict.fromkeys(names, wanted))
    return loggers


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "kestra_site.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "uvicorn.access": {
            "level": "INFO" if current_configuration().kestra.server.access_log else "WARNING"
        },
        "uvicorn.error": {"level": "WARNING"},  # our own lines say when it starts and ends
        "httpx": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        **_levels(),
    },
}
