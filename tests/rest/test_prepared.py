"""Prepared statements do what the queryset does, behind the same walls."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from common.clock import now
from common.tenancy import NoTenant, tenant_scope
from executions.models import TaskRun
from flows.models import Flow, FlowRevision
from rest.database import APP_ROLE
from rest.prepared import PreparedInsert, PreparedQuery
from rest.statements import execute, fetch_together, last_round_trip

SOURCES = PreparedQuery(
    lambda namespace, revision: (
        FlowRevision.objects.filter(namespace=namespace, revision=revision)
        .order_by("flow_id")
        .values_list("flow_id", "source")
    ),
    namespace=str,
    revision=int,
)
RUNS = PreparedQuery(lambda day: TaskRun.objects.filter(day=day).values_list("public_id"), day=date)
insert = PreparedInsert(FlowRevision)


def revision(flow_id: str, tenant: str = "main", **values) -> FlowRevision:
    given = {"namespace": "a", "revision": 1, "source": "id: x", "definition": {"é": [1]}}
    return FlowRevision(tenant=tenant, flow_id=flow_id, created=now(), **{**given, **values})


@pytest.mark.django_db
class TestPreparedQuery:
    def test_gives_the_rows_of_the_current_tenant_each_time(self) -> None:
        for tenant in ("main", "other"):
            with tenant_scope(tenant):
                insert(revision(f"of-{tenant}", tenant))

        for tenant in ("main", "other", "main"):
            with tenant_scope(tenant):
                assert SOURCES.rows(namespace="a", revision=1) == [(f"of-{tenant}", "id: x")]
                assert SOURCES.rows(namespace="a", revision=2) == []

    def test_outside_a_tenant_it_raises(self) -> None:
        with pytest.raises(NoTenant):
            SOURCES.rows(namespace="a", revision=1)

    def test_a_name_that_is_not_used_is_an_error(self) -> None:
        wrong = PreparedQuery(lambda name: Flow.objects.all().values_list("pk"), name=str)
        with tenant_scope("main"), pytest.raises(ValueError, match="does not use name"):
            wrong.rows(name="x")

    def test_dates_are_values_too(self) -> None:
        with tenant_scope("main"):
            assert RUNS.rows(day=date(2026, 1, 1)) == []

    def test_counts_as_a_query(self, django_assert_num_queries) -> None:
        with tenant_scope("main"), django_assert_num_queries(1):
            SOURCES.rows(namespace="a", revision=1)

    def test_several_answer_together(self) -> None:
        with tenant_scope("main"):
            insert(revision("one"))
            insert(revision("two", revision=2))
            answers = fetch_together(
                SOURCES.statement(namespace="a", revision=1),
                SOURCES.statement(namespace="a", revision=2),
            )

        assert answers == [[("one", "id: x")], [("two", "id: x")]]


@pytest.mark.django_db
class TestPreparedInsert:
    def test_the_row_is_what_save_would_have_written(self) -> None:
        with tenant_scope("main"):
            insert(revision("prepared"))
            revision("saved").save()
            prepared, saved = FlowRevision.objects.order_by("flow_id")

        assert prepared.definition == saved.definition == {"é": [1]}
        assert prepared.is_deleted is False
        assert prepared.pk != saved.pk

    def test_an_error_ends_the_round_trip_and_the_transaction_can_go_on(self) -> None:
        with tenant_scope("main"):
            insert(revision("one"))
            with pytest.raises(DatabaseError), transaction.atomic(), last_round_trip():
                insert(revision("one"))
            insert(revision("two"))

            assert FlowRevision.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_databases_own_wall_stands_before_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles")
    with tenant_scope("main"), last_round_trip():
        execute("SELECT 1", [])
        assert fetch_together(("SELECT current_user, current_setting('app.tenant')", [])) == [
            [(APP_ROLE, "main")]
        ]
    with tenant_scope("main"), pytest.raises(DatabaseError, match="row-level security"):
        insert(revision("one", "other"))


@pytest.mark.django_db(transaction=True)
class TestLastRoundTrip:
    def test_the_rows_come_at_its_end_and_the_transaction_is_committed(self) -> None:
        found: list[object] = []
        told: list[str] = []
        with tenant_scope("main"):
            with transaction.atomic():
                transaction.on_commit(lambda: told.append("committed"))
                with last_round_trip():
                    insert(revision("one"))
                    execute("SELECT 1 AS one", [], then=found.extend)
                assert told == []
            assert FlowRevision.objects.count() == 1

        assert (found, told) == ([(1,)], ["committed"])

    def test_within_another_transaction_nothing_is_committed(self) -> None:
        with tenant_scope("main"):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                with transaction.atomic(), last_round_trip():
                    insert(revision("one"))
                raise ZeroDivisionError

            assert FlowRevision.objects.count() == 0

    def test_after_an_error_nothing_is_left(self) -> None:
        with tenant_scope("main"):
            with pytest.raises(DatabaseError), transaction.atomic(), last_round_trip():
                insert(revision("one"))
                insert(revision("one"))

            assert FlowRevision.objects.count() == 0

    def test_an_exception_within_sends_nothing(self) -> None:
        with tenant_scope("main"):
            with pytest.raises(ZeroDivisionError), transaction.atomic(), last_round_trip():
                insert(revision("one"))
                raise ZeroDivisionError

            assert FlowRevision.objects.count() == 0
