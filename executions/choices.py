"""Enumerations of the executions app. States are the engine's own (`plugins.contracts.state`)."""

import enum

from django.db import models


class ExecutionKind(models.TextChoices):
    NORMAL = "NORMAL"
    TEST = "TEST"
    PLAYGROUND = "PLAYGROUND"


class LogLevel(models.TextChoices):
    """From the quietest to the loudest."""

    TRACE = "TRACE"
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARN = "WARN"
    ERROR = "ERROR"

    @classmethod
    def at_least(cls, level: str) -> list[str]:
        """The levels that a filter `minLevel` lets through."""
        names = cls.values
        return names[names.index(level) :]


class MetricKind(models.TextChoices):
    COUNTER = "counter"
    TIMER = "timer"
    GAUGE = "gauge"


class Kept(enum.IntFlag):
    """What stays of an execution that is deleted."""

    LOGS = 1
    METRICS = 2
    FILES = 4
