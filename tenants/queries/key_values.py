"""Reading keys."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from common.clock import now
from common.tenancy import tenant_scope
from tenants.errors import KeyExpired, KeyNotFound
from tenants.limits import MAX_LISTED_KEYS
from tenants.models import KeyValue
from tenants.models.key_value import KeyValueQuerySet
from tenants.names import check_namespace_id, line_of, parents_of


def read_key(
    *, tenant: str, namespace: str, key: str, default: Any = None, inherit: bool = False
) -> Any:
    """The value as Python, or `default` if there is none that still holds: one query. With
    `inherit` a key that the namespace lacks is taken from its nearest parent."""
    with tenant_scope(tenant):
        rows = KeyValue.objects.get_queryset().live().only("type", "text").filter(key=key)
        if inherit:
            row = _nearest_first(rows, line_of(namespace)).first()
        else:
            row = rows.filter(namespace=namespace).order_by().first()
    return default if row is None else row.stored.value


def get_key(*, namespace: str, key: str) -> KeyValue:
    """Raises KeyNotFound, and KeyExpired for one whose time is over."""
    row = KeyValue.objects.filter(namespace=namespace, key=key).first()
    if row is None:
        raise KeyNotFound(
            f"No value found for key '{key}' in namespace '{namespace}'",
            namespace=namespace,
            key=key,
        )
    if row.is_expired(now()):
        raise KeyExpired(
            f"The value of key '{key}' in namespace '{namespace}' has expired",
            namespace=namespace,
            key=key,
        )
    return row


def has_key(*, namespace: str, key: str) -> bool:
    """Whether there is a value that has not expired."""
    rows = KeyValue.objects.get_queryset().live()
    return rows.filter(namespace=namespace, key=key).exists()


def listed_keys() -> KeyValueQuerySet:
    """Keys of the whole tenant, without those that have expired; values are not read."""
    return KeyValue.objects.get_queryset().live().defer("text")


def keys_of(*, namespace: str) -> list[KeyValue]:
    check_namespace_id(namespace, path="namespace")
    return list(listed_keys().filter(namespace=namespace)[:MAX_LISTED_KEYS])


def keys_with_prefix(*, namespace: str, prefix: str = "") -> list[str]:
    """Names only, in their order."""
    rows = listed_keys().filter(namespace=namespace, key__startswith=prefix).order_by("key")
    return list(rows.values_list("key", flat=True)[:MAX_LISTED_KEYS])


def inherited_keys(*, namespace: str) -> list[KeyValue]:
    """Keys of the parents that the namespace does not have itself; of two parents with the same
    key the nearer counts."""
    check_namespace_id(namespace, path="namespace")
    parents = parents_of(namespace)
    rows = _nearest_first(listed_keys().filter(~Q(key__in=_own(namespace))), parents)
    found: dict[str, KeyValue] = {}
    for row in rows[:MAX_LISTED_KEYS]:
        found.setdefault(row.key, row)
    return sorted(found.values(), key=lambda row: row.key)


def _own(namespace: str) -> Any:
    return listed_keys().filter(namespace=namespace).order_by().values("key")


def _nearest_first(rows: KeyValueQuerySet, line: Sequence[str]) -> KeyValueQuerySet:
    distance = Case(
        *(When(namespace=name, then=Value(-depth)) for depth, name in enumerate(line)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return rows.filter(namespace__in=line).order_by(distance, "key")
