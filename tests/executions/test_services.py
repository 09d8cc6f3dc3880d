"""What writes executions, where the API's tests do not reach."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditEntry
from common.actor import SYSTEM
from common.errors import Invalid
from executions import services
from executions.models import Execution, InboxRow, TaskRun, Timer
from flows.services import create_flow
from plugins.contracts.state import State
from storage.layout import flow_folder
from tenants.storages import storage_of
from tests.executions.rows import a_task_run, an_execution
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")


def test_what_was_deleted_while_it_ran_goes_when_it_has_ended(
    django_capture_on_commit_callbacks: Any,
) -> None:
    running = an_execution(State.RUNNING)
    a_task_run(running)
    services.delete_execution(actor=SYSTEM, execution=running)

    assert services.remove_hidden_executions() == 0
    Execution.objects.update(is_open=False, state="KILLED")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.remove_hidden_executions() == 1

    left = [model.objects.count() for model in (Execution, TaskRun, InboxRow, Timer)]
    assert left == [0, 0, 0, 0]


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
