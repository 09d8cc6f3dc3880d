"""One scheduler keeps house at a time."""

from datetime import timedelta

import pytest

from common.clock import now
from executions.models import HousekeepingLease
from executions.scheduler.lease import hold_lease, release_lease
from rest.database import engine_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_the_engine():
    with engine_role():
        yield


def test_first_scheduler_that_asks_gets_the_lease_and_renews_it():
    assert hold_lease("one", seconds=60)
    assert hold_lease("one", seconds=60)
    assert not hold_lease("two", seconds=60)


def test_lease_that_ran_out_is_anybodys():
    hold_lease("one", seconds=60)
    HousekeepingLease.objects.update(lease_until=now() - timedelta(seconds=1))

    assert hold_lease("two", seconds=60)
    assert not hold_lease("one", seconds=60)


def test_lease_that_was_given_back_is_free_at_once():
    hold_lease("one", seconds=60)

    release_lease("two")
    assert not hold_lease("two", seconds=60)
    release_lease("one")
    assert hold_lease("two", seconds=60)
