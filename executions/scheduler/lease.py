"""Who keeps house: of all schedulers the one that holds the lease. The clock is the database's, so
that machines need not agree on the time."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from executions.models import HousekeepingLease

_NAME = "housekeeping"


def hold_lease(owner: str, *, seconds: float) -> bool:
    """Takes or renews it. False while somebody else has it."""
    until = Now() + timedelta(seconds=seconds)
    ours_or_free = Q(owner=owner) | Q(lease_until__lt=Now())
    leases = HousekeepingLease.objects
    if leases.filter(ours_or_free, name=_NAME).update(owner=owner, lease_until=until):
        return True
    _, is_new = leases.get_or_create(name=_NAME, defaults={"owner": owner, "lease_until": until})
    return is_new


def release_lease(owner: str) -> None:
    """The next who asks gets it at once."""
    HousekeepingLease.objects.filter(name=_NAME, owner=owner).delete()
