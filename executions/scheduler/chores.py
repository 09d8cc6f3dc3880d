"""What has to be done now and then so that the database stays in shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from common.tenancy import tenant_scope
from executions.store.partitions import ensure_partitions
from rbac.services import purge_ended_sessions
from tenants.queries import listed_tenants
from tenants.services import purge_expired_keys


@dataclass(frozen=True, slots=True)
class Chore:
    """`do` may be interrupted anywhere and done again; it gives how much there was to do."""

    name: str
    every: timedelta
    do: Callable[[], int]


def _make_partitions() -> int:
    return len(ensure_partitions())


def _purge_keys() -> int:
    purged = 0
    for tenant in listed_tenants().values_list("id", flat=True):
        with tenant_scope(tenant):
            while found := purge_expired_keys():
                purged += found
    return purged


def _purge_sessions() -> int:
    purged = 0
    while found := purge_ended_sessions():
        purged += found
    return purged


CHORES = (
    Chore("partitions of the next days made", timedelta(days=1), _make_partitions),
    Chore("expired keys removed", timedelta(hours=1), _purge_keys),
    Chore("ended sessions removed", timedelta(days=1), _purge_sessions),
)
