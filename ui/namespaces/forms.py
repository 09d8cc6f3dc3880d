"""The form of a key."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from isodate import duration_isoformat

from common import json
from common.clock import now
from common.durations import parse_duration
from common.errors import Invalid
from rest.gate import actor_of
from tenants import services
from tenants.choices import ValueType
from tenants.errors import KeyExists, ValueInvalid
from tenants.models import KeyValue
from tenants.names import check_key
from tenants.queries import has_key
from tenants.values import value_of
from ui.frame import require

_HINTS: dict[str, Any] = {
    ValueType.NUMBER: _("Such as 42 or 1.5"),
    ValueType.DATETIME: _("An instant such as 2026-01-31T08:30:00Z"),
    ValueType.DURATION: _("ISO 8601, such as PT30M or P1DT2H"),
    ValueType.JSON: _("A map, a list or any other JSON"),
}


@dataclass(slots=True)
class KeyForm:
    """As it was typed. `is_new`: the key is not there yet, so its name can be typed."""

    key: str = ""
    type: str = ValueType.STRING
    value: str = ""
    description: str = ""
    ttl: str = ""
    is_new: bool = True
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of_row(cls, row: KeyValue) -> "KeyForm":
        """With the time that is left of one that expires."""
        left = row.expiration - now() if row.expiration else None
        whole = timedelta(seconds=round(left.total_seconds())) if left else None
        return cls(
            key=row.key,
            type=row.type,
            value=_shown(row),
            description=row.description,
            ttl=duration_isoformat(whole) if whole else "",
            is_new=False,
        )

    @classmethod
    def of_query(cls, query: QueryDict) -> "KeyForm":
        kind = query.get("type", ValueType.STRING)
        return cls(
            key=query.get("key", "").strip(),
            type=kind if kind in ValueType.values else ValueType.STRING,
            value=query.get("value", "").replace("\r\n", "\n"),
            description=query.get("description", "").replace("\r\n", "\n"),
            ttl=query.get("ttl", "").strip(),
            is_new=query.get("is_new", "1") == "1",
        )

    @property
    def hint(self) -> str:
        return str(_HINTS.get(ValueType(self.type), ""))

    def save(self, request: HttpRequest, namespace: str) -> KeyValue | None:
        """The row, or nothing where `errors` says why. Raises Forbidden."""
        is_there = has_key(namespace=namespace, key=self.key)
        require(request, "KVSTORE", "UPDATE" if is_there else "CREATE", namespace=namespace)
        self._check_key()
        value, ttl = self._stored(), self._time_to_live()
        if self.errors or value is None:
            return None
        try:
            return services.set_key(
                actor=actor_of(request),
                namespace=namespace,
                key=self.key,
                value=value,
                ttl=ttl,
                description=self.description,
                overwrite=not self.is_new,
            )
        except KeyExists as error:
            self.errors["key"] = str(error)
        return None

    def _check_key(self) -> None:
        if not self.key:
            self.errors["key"] = gettext("Give the key a name.")
            return
        try:
            check_key(self.key)
        except Invalid as error:
            self.errors["key"] = error.violations[0].message

    def _stored(self) -> Any:
        try:
            return value_of(self.value, ValueType(self.type))
        except ValueInvalid as error:
            self.errors["value"] = str(error)
        return None

    def _time_to_live(self) -> timedelta | None:
        if not self.ttl:
            return None
        try:
            span = parse_duration(self.ttl)
        except ValueError as error:
            self.errors["ttl"] = str(error)
            return None
        if span <= timedelta(0):
            self.errors["ttl"] = gettext("It must be longer than nothing, such as PT1H or P30D.")
        return span


def _shown(row: KeyValue) -> str:
    """Texts and times without their quotes."""
    if row.type in (ValueType.NUMBER, ValueType.BOOLEAN, ValueType.JSON):
        return row.text
    return str(json.loads(row.text))
