"""Server-sent events, and starting an execution that is waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.test import AsyncClient

from common import json
from common.tenancy import tenant_scope
from executions.api import streams
from executions.live.contract import Note
from executions.live.current import set_current_live
from executions.live.memory import MemoryLiveUpdates
from executions.models import Execution, InboxRow
from executions.streaming import events
from executions.streaming.broadcaster import broadcaster
from plugins.contracts.state import State
from tests.executions.rows import START, a_line, a_task_run, an_execution, history
from tests.flows.sources import flow

pytestmark = pytest.mark.usefixtures("tenant")
ROOT = "/api/v1/main"
Frame = tuple[str, Any]


@pytest.fixture(autouse=True)
def live() -> Iterator[MemoryLiveUpdates]:
    updates = MemoryLiveUpdates()
    set_current_live(updates)
    yield updates
    set_current_live(None)


class Follower:
    """Reads the frames of one stream, one after another."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks

    async def next(self) -> Frame:
        chunk = await asyncio.wait_for(anext(self._chunks), 10)
        name, data = chunk.decode().removesuffix("\n\n").split("\n")
        text = data.removeprefix("data: ")
        return name.removeprefix("id: "), json.loads(text) if text else None

    async def ends(self) -> bool:
        try:
            await asyncio.wait_for(anext(self._chunks), 10)
        except StopAsyncIteration:
            return True
        return False

    async def leave(self) -> None:
        await self._chunks.aclose()  # type: ignore[attr-defined]  # it is a generator


async def follow(client: Any, path: str) -> Follower:
    header = client.defaults["HTTP_AUTHORIZATION"]
    response = await AsyncClient().get(f"{ROOT}{path}", headers={"authorization": header})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "text/event-stream"
    return Follower(response._iterator)


def in_database(function: Callable[..., Any]) -> Any:
    """To be awaited; inside the tenant."""

    def call(*args: Any, **kwargs: Any) -> Any:
        with tenant_scope("main"):
            return function(*args, **kwargs)

    return sync_to_async(call, thread_sensitive=True)


def end(row: Execution, live: MemoryLiveUpdates) -> None:
    states = history(State.CREATED, State.RUNNING, State.SUCCESS)
    Execution.objects.filter(pk=row.pk).update(state="SUCCESS", history=states, is_open=False)
    live.publish([Note("main", row.public_id, "end")])


# ---- executions ---------------------------------------------------------------------------------
def test_an_ended_execution_is_one_frame(super_client: Any) -> None:
    row = an_execution()

    async def read() -> tuple[Frame, bool]:
        follower = await follow(super_client, f"/executions/{row.public_id}/follow")
        return await follower.next(), await follower.ends()

    (name, shape), is_over = async_to_sync(read)()

    assert (name, shape["id"], shape["state"]["current"]) == ("end", row.public_id, "SUCCESS")
    assert is_over


def test_each_change_is_a_frame_until_the_end(super_client: Any, live: MemoryLiveUpdates) -> None:
    row = an_execution(State.RUNNING)

    def change() -> None:
        a_task_run(row)
        live.publish([Note("main", row.public_id, "state")])

    async def read() -> list[Frame]:
        follower = await follow(super_client, f"/executions/{row.public_id}/follow")
        found = [await follower.next()]
        await in_database(change)()
        found.append(await follower.next())
        await in_database(end)(row, live)
        found.append(await follower.next())
        assert await follower.ends()
        return found

    found = async_to_sync(read)()

    assert [name for name, _ in found] == ["progress", "progress", "end"]
    assert [len(shape["taskRunList"]) for _, shape in found] == [0, 1, 1]
    assert broadcaster._watches == {}


def test_a_state_is_built_once_for_all_who_follow(
    super_client: Any, live: MemoryLiveUpdates, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = an_execution(State.RUNNING)
    reads: list[str] = []

    def read_execution(execution_id: str) -> Any:
        reads.append(execution_id)
        return streams._read_execution(execution_id)

    monkeypatch.setattr(streams._channels, "_read", read_execution)

    async def read() -> list[Frame]:
        path = f"/executions/{row.public_id}/follow"
        followers = [await follow(super_client, path) for _ in range(5)]
        await asyncio.gather(*(each.next() for each in followers))
        await in_database(end)(row, live)
        frames = await asyncio.gather(*(each.next() for each in followers))
        assert all(await asyncio.gather(*(each.ends() for each in followers)))
        return frames

    found = async_to_sync(read)()

    assert [name for name, _ in found] == ["end"] * 5
    assert len(reads) == 2


def test_who_leaves_is_forgotten(super_client: Any) -> None:
    row = an_execution(State.RUNNING)

    async def read() -> None:
        follower = await follow(super_client, f"/executions/{row.public_id}/follow")
        await follower.next()
        await follower.leave()

    async_to_sync(read)()

    assert (broadcaster._watches, streams._channels._open) == ({}, {})


def test_who_loses_the_permission_is_sent_away(
    super_client: Any, client_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "RECHECK_SECONDS", 0.0)
    row = an_execution(State.RUNNING)
    client = client_for({"EXECUTION": ["FOLLOW"]})

    def lock() -> None:
        from rbac import authentication, rights

        client.user.api_tokens.all().delete()
        rights.cache.forget()
        authentication.recent.forget()

    async def read() -> bool:
        follower = await follow(client, f"/executions/{row.public_id}/follow")
        await in_database(lock)()
        return await follower.ends()

    assert async_to_sync(read)()


def test_an_execution_that_does_not_appear_is_not_found(super_client: Any) -> None:
    assert super_client.get(f"{ROOT}/executions/nowhere/follow").status_code == 404


def test_an_execution_may_appear_within_some_seconds(
    super_client: Any, live: MemoryLiveUpdates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "APPEAR_SECONDS", 10.0)

    def appear() -> None:
        an_execution(public_id="0late00000000000000000")
        live.publish([Note("main", "0late00000000000000000", "state")])

    async def read() -> Frame:
        path = "/executions/0late00000000000000000/follow"
        opening = asyncio.ensure_future(follow(super_client, path))
        while not broadcaster._watches:
            await asyncio.sleep(0)
        await in_database(appear)()
        return await (await opening).next()

    assert async_to_sync(read)()[0] == "end"


# ---- logs ---------------------------------------------------------------------------------------
def test_the_lines_so_far_come_first_then_those_that_are_new(
    super_client: Any, live: MemoryLiveUpdates
) -> None:
    row = an_execution(State.RUNNING)
    a_line(row, "second", timestamp=START + timedelta(seconds=1))
    a_line(row, "first")
    a_line(row, "quiet", level="DEBUG")

    def log() -> None:
        a_line(row, "late, but of an older time")
        a_line(row, "third", timestamp=START + timedelta(seconds=2))
        live.publish([Note("main", row.public_id, "log")])

    async def read() -> list[Frame]:
        follower = await follow(super_client, f"/logs/{row.public_id}/follow?minLevel=INFO")
        found = [await follower.next() for _ in range(2)]
        await in_database(log)()
        found += [await follower.next() for _ in range(2)]
        await in_database(end)(row, live)
        found.append(await follower.next())
        assert await follower.ends()
        return found

    found = async_to_sync(read)()

    assert [shape["message"] for _, shape in found[:-1]] == [
        "first", "second", "late, but of an older time", "third",
    ]  # fmt: skip
    assert {name for name, _ in found[:-1]} == {"progress"}
    assert found[-1] == ("end", None)


def test_a_long_log_comes_in_parts(super_client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("executions.streaming.loglines.CHUNK", 2)
    row = an_execution()
    for number in range(5):
        a_line(row, str(number))

    async def read() -> list[str]:
        follower = await follow(super_client, f"/logs/{row.public_id}/follow")
        found = [(await follower.next())[1]["message"] for _ in range(5)]
        assert await follower.next() == ("end", None)
        return found

    assert async_to_sync(read)() == ["0", "1", "2", "3", "4"]


# ---- related executions -------------------------------------------------------------------------
def test_the_states_of_related_executions_are_told(
    super_client: Any, live: MemoryLiveUpdates
) -> None:
    row = an_execution(State.RUNNING)
    child = an_execution(State.RUNNING, trigger_execution_id=row.public_id)
    an_execution(trigger_execution_id=child.public_id)

    async def read() -> list[tuple[str, str, str]]:
        path = f"/executions/{row.public_id}/follow-dependencies"
        follower = await follow(super_client, path)
        found = [await follower.next() for _ in range(2)]
        await in_database(end)(child, live)
        found.append(await follower.next())
        await in_database(end)(row, live)
        found.append(await follower.next())
        assert await follower.ends()
        return [(name, shape["executionId"], shape["state"]["current"]) for name, shape in found]

    assert async_to_sync(read)() == [
        ("progress", child.public_id, "RUNNING"),
        ("progress", row.public_id, "RUNNING"),
        ("progress", child.public_id, "SUCCESS"),
        ("end", row.public_id, "SUCCESS"),
    ]


def test_only_what_the_caller_may_follow_is_told(client_for: Any) -> None:
    row = an_execution()
    an_execution(namespace="other", trigger_execution_id=row.public_id)
    client = client_for({"EXECUTION": ["FOLLOW"]}, namespace="company")

    async def read() -> Frame:
        path = f"/executions/{row.public_id}/follow-dependencies"
        return await (await follow(client, path)).next()

    name, shape = async_to_sync(read)()

    assert (name, shape["executionId"]) == ("end", row.public_id)


# ---- waiting ------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["SUCCESS", "PAUSED"])
def test_a_start_may_be_answered_when_the_execution_is_at_rest(
    save_flow: Any, super_client: Any, live: MemoryLiveUpdates, state: str
) -> None:
    save_flow(flow())

    def rest() -> None:
        key = InboxRow.objects.get().execution_id
        Execution.objects.filter(public_id=key).update(state=state)
        live.publish([Note("main", key, "end")])

    async def start() -> Any:
        header = super_client.defaults["HTTP_AUTHORIZATION"]
        path = f"{ROOT}/executions/company.team/hello?wait=true"
        answer = asyncio.ensure_future(AsyncClient().post(path, headers={"authorization": header}))
        while not broadcaster._watches:
            await asyncio.sleep(0)
        await in_database(rest)()
        return (await answer).json()

    shape = async_to_sync(start)()

    assert shape["state"]["current"] == state
    assert shape["url"].endswith(shape["id"])
