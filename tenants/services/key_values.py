"""Writing keys. All happens in the current tenant."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from common.actor import Actor
from common.clock import now
from common.errors import Invalid
from tenants.errors import KeyExists
from tenants.limits import MAX_KEYS_AT_ONCE
from tenants.models import KeyValue
from tenants.names import check_key, check_namespace_id
from tenants.services import trail
from tenants.values import StoredValue

_MAX_DESCRIPTION = 2_000
_PURGED_AT_ONCE = 1_000


@transaction.atomic
def set_key(
    *,
    actor: Actor,
    namespace: str,
    key: str,
    value: StoredValue,
    ttl: timedelta | None = None,
    description: str | None = None,
    overwrite: bool = True,
) -> KeyValue:
    """Store a value; without `ttl` it stays for ever. Raises KeyExists if it may not be
    overwritten and a value that has not expired is there."""
    check_namespace_id(namespace, path="namespace")
    check_key(key)
    _check_description(description)
    moment = now()
    row, is_new = _locked_row(namespace, key, value, moment)
    was_expired = row.is_expired(moment)
    if not (is_new or overwrite or was_expired):
        raise KeyExists(
            f"A value for key '{key}' already exists in namespace '{namespace}'",
            namespace=namespace,
            key=key,
        )
    if not is_new:
        row.revision += 1
        row.type, row.text, row.updated = value.type, value.text, moment
    row.expiration = _end_of(moment, ttl)
    if description is not None:
        row.description = description
    row.save()
    trail.key_was_set(actor, row, is_new=is_new)
    return row


def delete_key(*, actor: Actor, namespace: str, key: str) -> bool:
    """Whether there was such a key; one that had expired counts as gone."""
    return key in delete_keys(actor=actor, namespace=namespace, keys=[key])


@transaction.atomic
def delete_keys(*, actor: Actor, namespace: str, keys: Sequence[str]) -> list[str]:
    """Delete those of the keys that are there; gives their names in the order asked."""
    if len(keys) > MAX_KEYS_AT_ONCE:
        raise Invalid(f"At most {MAX_KEYS_AT_ONCE} keys can be deleted at once")
    moment = now()
    rows = KeyValue.objects.select_for_update().filter(namespace=namespace, key__in=set(keys))
    found = {row.key: row for row in rows}
    KeyValue.objects.filter(pk__in=[row.pk for row in found.values()]).delete()
    live = [key for key in dict.fromkeys(keys) if key in found]
    live = [key for key in live if not found[key].is_expired(moment)]
    for key in live:
        trail.key_was_deleted(actor, found[key])
    return live


@transaction.atomic
def purge_expired_keys(*, namespaces: Sequence[str] | None = None) -> int:
    """Remove keys of the current tenant whose time is over, a bounded number at once; the number
    removed. Housekeeping: repeat until it gives 0."""
    expired = KeyValue.objects.get_queryset().expired()
    if namespaces is not None:
        expired = expired.filter(namespace__in=namespaces)
    doomed = list(expired.values_list("pk", flat=True)[:_PURGED_AT_ONCE])
    KeyValue.objects.filter(pk__in=doomed).delete()
    return len(doomed)


def _locked_row(
    namespace: str, key: str, value: StoredValue, moment: datetime
) -> tuple[KeyValue, bool]:
    """The row under that key, ours until the transaction ends, and whether we made it."""
    rows = KeyValue.objects.select_for_update().filter(namespace=namespace, key=key)
    row = rows.first()
    if row is not None:
        return row, False
    try:
        with transaction.atomic():
            made = KeyValue.objects.create(
                namespace=namespace,
                key=key,
                type=value.type,
                text=value.text,
                created=moment,
                updated=moment,
            )
        return made, True
    except IntegrityError:  # somebody was quicker
        return rows.get(), False


def _end_of(moment: datetime, ttl: timedelta | None) -> datetime | None:
    if ttl is None:
        return None
    if ttl <= timedelta(0):
        raise Invalid("The time to live must be longer than nothing, such as PT1H or P30D")
    try:
        return moment + ttl
    except OverflowError as error:
        raise Invalid("The time to live ends beyond the calendar") from error


def _check_description(description: str | None) -> None:
    if description is not None and len(description) > _MAX_DESCRIPTION:
        raise Invalid(f"The description is longer than {_MAX_DESCRIPTION} characters")
