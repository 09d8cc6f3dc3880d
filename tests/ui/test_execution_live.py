"""The socket of an execution's page: who may listen, what is told, and when it closes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator

from common.tenancy import tenant_scope
from executions.live.contract import Note
from executions.live.current import set_current_live
from executions.live.memory import MemoryLiveUpdates
from executions.models import Execution
from kestra_site.asgi import application
from plugins.contracts.state import State
from rbac.services.sessions import open_session
from tests.executions.rows import a_line, a_task_run, an_execution, history
from tests.support.accounts import forget_everything
from ui import live
from ui.live_feed import EVERYTHING, Seen, read_changes


@pytest.fixture(autouse=True)
def updates():
    made = MemoryLiveUpdates()
    set_current_live(made)
    yield made
    set_current_live(None)


@pytest.fixture
def viewer(client_for):
    return client_for("Viewer").user


@pytest.fixture
def running(viewer):
    with tenant_scope("main"):
        return an_execution(State.RUNNING)


class Socket:
    """Opened by a signed-in browser."""

    def __init__(self, row: Execution, cookie: str, flow: str, origin: str) -> None:
        headers = {"host": "testserver", "origin": origin, "cookie": cookie}
        path = f"/ui/main/executions/{row.namespace}/{flow}/{row.public_id}/live"
        self._talk = ApplicationCommunicator(
            application,
            {
                "type": "websocket",
                "path": path,
                "query_string": b"",
                "subprotocols": [],
                "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            },
        )

    async def open(self) -> None:
        await self._talk.send_input({"type": "websocket.connect"})
        assert (await self._talk.receive_output(5))["type"] == "websocket.accept"

    async def hear(self) -> dict[str, Any]:
        output = await self._talk.receive_output(5)
        assert output["type"] == "websocket.send", output
        return json.loads(output["text"])

    async def closed(self) -> tuple[int, str]:
        """What else is told before that is passed over."""
        output = await self._talk.receive_output(5)
        while output["type"] == "websocket.send":
            output = await self._talk.receive_output(5)
        await self._talk.send_input({"type": "websocket.disconnect", "code": output["code"]})
        await self._talk.wait(5)
        return output["code"], output.get("reason", "")


def socket_of(row, user=None, *, flow="hello", origin="http://testserver"):
    cookie = f"JWT={open_session(user=user).token}" if user is not None else ""
    return Socket(row, cookie, flow, origin)


def closed_at_once(socket: Socket) -> tuple[int, str]:
    async def work() -> tuple[int, str]:
        await socket.open()
        return await socket.closed()

    return async_to_sync(work)()


def in_database(function: Callable[[], Any]) -> Any:
    """To be awaited; inside the tenant."""

    def call() -> Any:
        with tenant_scope("main"):
            return function()

    return sync_to_async(call, thread_sensitive=True)()


def test_who_may_not_follow_is_told_why(client_for, running):
    stranger = client_for({"EXECUTION": ["VIEW"]}).user

    code, reason = closed_at_once(socket_of(running, stranger))

    assert (code, "EXECUTION:FOLLOW" in reason) == (4403, True)


def test_who_is_not_signed_in_is_sent_away(running):
    assert closed_at_once(socket_of(running))[0] == 4401


def test_page_of_another_site_is_refused(viewer, running):
    socket = socket_of(running, viewer, origin="https://evil.example")

    assert closed_at_once(socket)[0] == 4403


def test_execution_of_another_flow_is_not_found(viewer, running):
    assert closed_at_once(socket_of(running, viewer, flow="other"))[0] == 4404


def test_change_is_told_as_a_delta_until_nothing_will_change(viewer, running, updates):
    socket = socket_of(running, viewer)

    def start_a_task() -> None:
        moments = history(State.CREATED, State.RUNNING)
        a_task_run(running, "load", state="RUNNING", history=moments)
        updates.publish([Note("main", running.public_id, "state")])

    def end() -> None:
        Execution.objects.update(state="SUCCESS", is_open=False)
        updates.publish([Note("main", running.public_id, "end")])

    async def listen() -> tuple[list[dict[str, Any]], tuple[int, str]]:
        await socket.open()
        heard = [await socket.hear()]
        await in_database(start_a_task)
        heard.append(await socket.hear())
        await in_database(end)
        heard.append(await socket.hear())
        return heard, await socket.closed()

    (first, delta, last), (code, _) = async_to_sync(listen)()

    assert first == json.loads(EVERYTHING)
    assert delta["changed"] == ["tasks"]
    assert [(run[2], run[6]) for run in delta["runs"]] == [("load", "RUNNING")]
    assert last["settled"] is True
    assert code == 1000


def test_permission_that_is_taken_away_closes_the_socket(viewer, running, monkeypatch):
    monkeypatch.setattr(live, "RECHECK_SECONDS", 0.05)
    socket = socket_of(running, viewer)

    def lock_out() -> None:
        viewer.is_active = False
        viewer.save()
        forget_everything()

    async def listen() -> tuple[int, str]:
        await socket.open()
        await socket.hear()
        await in_database(lock_out)
        return await socket.closed()

    code, reason = async_to_sync(listen)()

    assert code in (4401, 4403)
    assert reason


def test_only_what_is_new_is_read(client_for):
    client_for("Viewer")
    seen = Seen()
    with tenant_scope("main"):
        row = an_execution(State.RUNNING)
        a_task_run(row, "first", seq=0)
        open_run = a_task_run(row, "second", seq=1, state="RUNNING")
        read_changes(row.public_id, seen)
        assert read_changes(row.public_id, seen) == (None, False)

        a_line(row, "hi")
        line, _ = read_changes(row.public_id, seen)
        assert json.loads(line)["changed"] == ["logs"]

        open_run.state = "SUCCESS"
        open_run.save()
        a_task_run(row, "third", seq=2)
        ended, _ = read_changes(row.public_id, seen)
        assert [run[2] for run in json.loads(ended)["runs"]] == ["second", "third"]

        Execution.objects.all().delete()
        gone, is_last = read_changes(row.public_id, seen)
        assert (json.loads(gone)["settled"], is_last) == (True, True)
