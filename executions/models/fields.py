"""Column shapes that the engine's tables share."""

from typing import Any

from django.db import models

from common.ids import ID_LENGTH

NAME_LENGTH = 256
STATE_LENGTH = 16


def id_column(**options: Any) -> "models.CharField[Any, Any]":
    """A public id. Uniqueness and indexes are said in `Meta`: a `unique=True` here would cost a
    second index for LIKE on PostgreSQL."""
    return models.CharField(max_length=ID_LENGTH, **options)


def name_column(**options: Any) -> "models.CharField[Any, Any]":
    """An id that people give: a namespace, a flow, a task."""
    return models.CharField(max_length=NAME_LENGTH, **options)
