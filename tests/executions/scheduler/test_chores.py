"""What housekeeping does."""

from datetime import timedelta

import pytest

from common.actor import SYSTEM
from common.clock import now
from common.tenancy import tenant_scope
from executions.models import Execution
from executions.scheduler.chores import CHORES
from plugins.contracts.state import State
from rest.database import engine_role
from tenants.models import KeyValue
from tenants.services import set_key
from tenants.values import parse_body
from tests.executions.rows import an_execution
from tests.support.accounts import make_tenant, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_the_engine():
    with engine_role():
        yield


def do(word: str) -> int:
    (chore,) = [chore for chore in CHORES if word in chore.name]
    return chore.do()


def test_keys_whose_time_is_over_are_removed_in_every_tenant():
    for tenant in ("first", "second"):
        make_tenant(tenant)
        with tenant_scope(tenant):
            for key in ("old", "new"):
                set_key(
                    actor=SYSTEM,
                    namespace="a.b",
                    key=key,
                    value=parse_body(b"1"),
                    ttl=timedelta(hours=1),
                )
            KeyValue.objects.filter(key="old").update(expiration=now() - timedelta(seconds=1))

    assert do("keys") == 2
    for tenant in ("first", "second"):
        with tenant_scope(tenant):
            assert list(KeyValue.objects.values_list("key", flat=True)) == ["new"]


def test_executions_that_were_deleted_while_they_ran_are_removed_in_every_tenant():
    for tenant in ("first", "second"):
        make_tenant(tenant)
        with tenant_scope(tenant):
            for is_open in (True, False):
                an_execution(State.KILLED, deleted=True, is_open=is_open)
            an_execution()

    assert do("executions") == 2
    for tenant in ("first", "second"):
        with tenant_scope(tenant):
            left = Execution.objects.values_list("deleted", "is_open")
            assert sorted(left) == [(False, False), (True, True)]


def test_sessions_that_ended_long_ago_are_removed():
    user = make_user()
    for days in (-30, -1, 1):
        user.sessions.create(expires=now() + timedelta(days=days))

    assert do("sessions") == 1
    assert user.sessions.count() == 2


def test_partitions_that_are_there_are_not_made_again():
    do("partitions")

    assert do("partitions") == 0
