"""Model fields that several apps use."""

from typing import TYPE_CHECKING, Any

from django.db import models

from common import json

if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField  # generic for the type checker only


class JsonTextField(_TextField):
    """User data as JSON text: key order, numbers and NUL stay as they came (never `jsonb`)."""

    _pyi_private_set_type: Any  # what the type checker's Django plugin reads
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        return json.dumps(self.value_from_object(obj))

    def formfield(self, *args: Any, **kwargs: Any) -> None:
        return None
