"""What writes executions, where the API's tests do not reach."""

import itertools
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from common.actor import SYSTEM
from common.errors import Invalid
from executions import services
from executions.models import Execution, InboxRow, LogEntry, Metric, TaskRun, Timer
from executions.queries.files import folder_of
from flows.services import create_flow
from plugins.contracts.state import State
from storage.errors import StorageUnavailable
from storage.layout import flow_folder
from tenants.storages import storage_of
from tests.executions.rows import a_line, a_metric, a_task_run, an_execution
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")


def test_what_was_deleted_while_it_ran_goes_when_it_has_ended() -> None:
    running = an_execution(State.RUNNING)
    a_task_run(running)
    services.delete_execution(actor=SYSTEM, execution=running)

    assert services.remove_hidden_executions() == 0
    Execution.objects.update(is_open=False, state="KILLED")
    assert services.remove_hidden_executions() == 1

    left = [model.objects.count() for model in (Execution, TaskRun, InboxRow, Timer)]
    assert left == [0, 0, 0, 0]


def with_leavings() -> Execution:
    """A running execution with a line, a metric and a file."""
    row = an_execution(State.RUNNING)
    a_line(row)
    a_metric(row)
    storage_of(tenant="main").put("main", folder_of(row).child("a.txt"), b"x")
    return row


def leavings_of(row: Execution) -> list[bool]:
    """Whether its lines, metrics and files are there."""
    return [
        LogEntry.objects.filter(execution_id=row.public_id).exists(),
        Metric.objects.filter(execution_id=row.public_id).exists(),
        storage_of(tenant="main").exists("main", folder_of(row).child("a.txt")),
    ]


def test_each_goes_with_what_its_deletion_was_told() -> None:
    kept = list(itertools.product((True, False), repeat=3))
    rows = [with_leavings() for _ in kept]
    for row, (logs, metrics, files) in zip(rows, kept, strict=True):
        scope = services.DeletionScope(logs=not logs, metrics=not metrics, files=not files)
        services.delete_execution(actor=SYSTEM, execution=row, scope=scope)
    assert [leavings_of(row) for row in rows] == [[True] * 3] * len(rows)

    Execution.objects.update(is_open=False, state="KILLED")
    assert services.remove_hidden_executions() == len(rows)

    assert not Execution.objects.exists()
    assert [leavings_of(row) for row in rows] == [list(each) for each in kept]


def test_a_storage_that_does_not_answer_leaves_the_execution_for_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = with_leavings()
    services.delete_execution(actor=SYSTEM, execution=row)
    Execution.objects.update(is_open=False, state="KILLED")

    def broken(**_: Any) -> None:
        raise StorageUnavailable

    with monkeypatch.context() as patch:
        patch.setattr("executions.services.deleting.storage_of", broken)
        with pytest.raises(StorageUnavailable):
            services.remove_hidden_executions()
    assert leavings_of(row) == [True] * 3

    assert services.remove_hidden_executions() == 1
    assert leavings_of(row) == [False] * 3


def test_the_files_of_a_refused_execution_do_not_stay() -> None:
    create_flow(
        actor=SYSTEM,
        source=flow("refused", more="inputs: [{id: a, type: FILE}, {id: b, type: FILE}]\n"),
    )
    request = services.StartRequest(
        "company.team",
        "refused",
        files={
            "a": SimpleUploadedFile("a.txt", b"x"),
            "b": SimpleUploadedFile("b.txt", b""),
        },
    )

    with pytest.raises(Invalid, match="the file is empty"):
        services.start_execution(actor=SYSTEM, tenant="main", request=request)

    kept = storage_of(tenant="main").walk("main", flow_folder("company.team", "refused"))
    assert [each.uri for each in kept if not each.is_directory] == []
    assert not Execution.objects.exists()


def test_an_act_on_many_is_one_audit_line_for_each_flow() -> None:
    first = [an_execution(State.RUNNING).public_id for _ in range(3)]
    other = an_execution(State.RUNNING, flow_id="other").public_id

    services.kill_executions(actor=SYSTEM, ids=[*first, other])

    lines = {line.detail["flowId"]: line.detail for line in AuditEntry.objects.all()}
    assert lines["hello"]["ids"] == first
    assert lines["other"]["id"] == other
    assert AuditEntry.objects.count() == 2
