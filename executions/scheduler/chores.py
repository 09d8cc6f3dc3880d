"""What has to be done now and then so that the database stays in shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from common.tenancy import tenant_scope
from executions.services import remove_hidden_executions
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
    return _in_every_tenant(purge_expired_keys)


def _remove_executions() -> int:
    return _in_every_tenant(remove_hidden_executions)


def _purge_sessions() -> int:
    return _until_nothing_is_left(purge_ended_sessions)


def _in_every_tenant(purge: Callable[[], int]) -> int:
    purged = 0
    for tenant in listed_tenants().values_list("id", flat=True):
        with tenant_scope(tenant):
            purged += _until_nothing_is_left(purge)
    return purged


def _until_nothing_is_left(purge: Callable[[], int]) -> int:
    purged = 0
    while found := purge():
        purged += found
    return purged


CHORES = (
    Chore("partitions of the next days made", timedelta(days=1), _make_partitions),
    Chore("expired keys removed", timedelta(hours=1), _purge_keys),
    Chore("deleted executions removed", timedelta(minutes=1), _remove_executions),
    Chore("ended sessions removed", timedelta(days=1), _purge_sessions),
)
