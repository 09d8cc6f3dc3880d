from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from common.actor import SYSTEM
from common.errors import Invalid
from common.tenancy import tenant_scope
from tenants import queries, services
from tenants.errors import KeyExists
from tenants.values import value_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PEOPLE = 6


def _all_at_once(work: Callable[[int], object]) -> list[object]:
    start = Barrier(PEOPLE)

    def one(number: int) -> object:
        start.wait(timeout=30)
        try:
            with tenant_scope("main"):
                return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


def test_of_many_who_set_a_new_key_without_overwriting_one_wins() -> None:
    def set_once(number: int) -> bool:
        try:
            services.set_key(
                actor=SYSTEM, namespace="a", key="k", value=value_of(number), overwrite=False
            )
        except KeyExists:
            return False
        return True

    won = _all_at_once(set_once)

    assert won.count(True) == 1
    assert queries.read_key(tenant="main", namespace="a", key="k") == won.index(True)


def test_revisions_count_every_writer() -> None:
    revisions = _all_at_once(
        lambda number: (
            services.set_key(actor=SYSTEM, namespace="a", key="k", value=value_of(number)).revision
        )
    )

    assert sorted(revisions, key=str) == [1, 2, 3, 4, 5, 6]


def test_a_namespace_that_many_flows_bring_along_is_made_once() -> None:
    _all_at_once(lambda _: services.ensure_namespace(namespace="a.b"))

    with tenant_scope("main"):
        assert queries.namespace_names() == ["a", "a.b"]


def test_a_tenant_that_many_make_at_once_is_made_once() -> None:
    def make(_: int) -> bool:
        try:
            services.create_tenant(actor=SYSTEM, id="main")
        except Invalid:
            return False
        return True

    assert _all_at_once(make).count(True) == 1
