import pytest
from django.db import DatabaseError, connection, transaction

from audit.choices import AuditType
from audit.models import AppendOnly, AuditEntry
from audit.services import OutsideTransaction, record
from common.actor import Actor, ActorKind
from common.tenancy import tenant_scope
from rest.database import engine_role

ACTOR = Actor(ActorKind.USER, id="u1", name="a@b.c", ip_address="10.0.0.1")


def write(**values) -> None:
    values = {
        "actor": ACTOR,
        "type": AuditType.UPDATE,
        "resource": "FLOW",
        "detail": {"id": "flow", "namespace": "a.b"},
    } | values
    record(**values)


def written(**values) -> AuditEntry:
    write(**values)
    return AuditEntry.objects.unscoped().latest("id")


@pytest.mark.django_db
class TestRecord:
    def test_a_line_says_who_did_what_to_which_object(self) -> None:
        with tenant_scope("main"):
            entry = written()

        assert (entry.tenant, entry.type, entry.resource) == ("main", "UPDATE", "FLOW")
        assert (entry.object_id, entry.namespace) == ("flow", "a.b")
        assert (entry.user_id, entry.ip_address) == ("u1", "10.0.0.1")
        assert entry.detail == {"id": "flow", "namespace": "a.b"}
        assert len(entry.public_id) == 22
        assert (entry.sequence, entry.hash) == (None, "")

    def test_outside_a_tenant_the_line_is_the_instances(self) -> None:
        entry = written()

        assert entry.tenant is None
        assert AuditEntry.objects.unscoped().filter(tenant=None).count() == 1

    def test_both_patches_lead_from_one_side_to_the_other(self) -> None:
        import jsonpatch

        before = {"a": 1, "list": [1, 2], "gone": True}
        after = {"a": 2, "list": [2], "new": None}

        entry = written(before=before, after=after)

        assert jsonpatch.apply_patch(before, entry.applied_patch) == after
        assert jsonpatch.apply_patch(after, entry.revert_patch) == before

    def test_creation_and_deletion_are_patches_from_and_to_nothing(self) -> None:
        assert written(after={"a": 1}).applied_patch == [{"op": "add", "path": "/a", "value": 1}]
        assert written(before={"a": 1}).applied_patch == [{"op": "remove", "path": "/a"}]

    def test_secrets_are_left_out_at_any_depth(self) -> None:
        entry = written(
            before={"user": {"password": "old-one", "name": "n"}},
            after={
                "user": {"password": "new-one", "name": "m"},
                "tasks": [{"api_key": "k", "secret-key": "k"}],
                "value": "hidden",
            },
            secret_fields=["value"],
        )

        told = str(entry.applied_patch) + str(entry.revert_patch)
        for secret in ("old-one", "new-one", "hidden", "api_key", "secret-key"):
            assert secret not in told
        assert "/user/name" in told

    def test_a_line_costs_one_statement(self, django_assert_num_queries) -> None:
        with tenant_scope("main"), django_assert_num_queries(1):
            write(before={"a": 1}, after={"a": 2})

    def test_a_line_can_be_neither_changed_nor_deleted(self) -> None:
        with tenant_scope("main"):
            entry = written()
            with pytest.raises(AppendOnly):
                entry.save()
            with pytest.raises(AppendOnly):
                entry.delete()
            with pytest.raises(AppendOnly):
                AuditEntry.objects.all().update(type="READ")
            with pytest.raises(AppendOnly):
                AuditEntry.objects.all().delete()
            with pytest.raises(AppendOnly):
                AuditEntry.objects.bulk_update([entry], ["type"])

    def test_another_tenants_lines_are_not_seen(self) -> None:
        with tenant_scope("one"):
            write()

        with tenant_scope("two"):
            assert AuditEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        write()


@pytest.mark.django_db(transaction=True)
def test_the_line_goes_with_the_change_that_is_rolled_back() -> None:
    with tenant_scope("main"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            write()
            raise ZeroDivisionError

        assert AuditEntry.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db
class TestPostgreSQL:
    @pytest.fixture(autouse=True)
    def _line(self) -> None:
        if connection.vendor != "postgresql":
            pytest.skip("SQLite has no trigger for it")
        write()

    @pytest.mark.parametrize(
        "statement", ["UPDATE audit_auditentry SET type = 'READ'", "DELETE FROM audit_auditentry"]
    )
    def test_the_web_has_no_right_to_change_lines(self, statement: str) -> None:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_auditentry SET type = 'READ'",
            "UPDATE audit_auditentry SET type = 'READ', hash = 'x'",
            "DELETE FROM audit_auditentry",
        ],
    )
    def test_even_the_owner_cannot_change_lines(self, statement: str) -> None:
        with (
            engine_role(),
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
        ):
            run(statement)

    def test_a_line_is_sealed_once(self) -> None:
        seal = "UPDATE audit_auditentry SET sequence = 1, hash = 'abc'"
        with engine_role():
            run(seal)
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                run(seal)

    def test_retention_may_delete(self) -> None:
        with engine_role():
            run("SELECT set_config('app.audit_purge', 'on', true)")
            assert run("DELETE FROM audit_auditentry") == 1


def run(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount
