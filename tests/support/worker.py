"""A worker with everything around it in memory. Tasks call what the test gives them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from common.errors import NotFound
from common.ids import new_id, shard_of
from executions import messages
from executions.bus.contract import Message
from executions.bus.memory import MemoryBus
from executions.dispatch.contract import WorkItem
from executions.executor.compiled import CompiledFlow, Phase, Place
from executions.executor.events import TaskEnded, TaskStarted
from executions.executor.model import Head, TaskRun
from executions.executor.residents import FlowBundle
from executions.live.contract import Note
from executions.live.memory import MemoryLiveUpdates
from executions.scope import Surroundings
from executions.store.contract import (
    Claimed,
    ClaimRequest,
    InboxRow,
    LogRow,
    MetricRow,
    TokenState,
)
from executions.worker.service import Worker, WorkerTimes
from expressions.engine import ExpressionEngine
from expressions.masking import Masker
from plugins.contracts.run_context import RunContext
from plugins.contracts.state import State
from plugins.contracts.task import RunnableTask
from tests.support.waiting import in_thread, wait_for

DAY = datetime(2026, 1, 1, tzinfo=UTC)
NEVER = 3600.0
Action = Callable[[RunContext], Any]


class Call(RunnableTask):
    """Does what the test says; `kill` is told to it."""

    type_name: ClassVar[str] = "tests.Call"
    actions: ClassVar[dict[str, Action]] = {}
    kills: ClassVar[list[str]] = []

    def run(self, context: RunContext) -> Any:
        return self.actions[self.id](context)

    def kill(self) -> None:
        self.kills.append(self.id)


class LightCall(Call):
    type_name: ClassVar[str] = "tests.LightCall"
    is_light: ClassVar[bool] = True


class Journal:
    """What left the worker, in its order: lines, metrics, events, inbox rows, notes."""

    def __init__(self) -> None:
        self.entries: list[Any] = []

    def add(self, entries: Sequence[Any]) -> None:
        self.entries.extend(entries)

    def of(self, kind: type | tuple[type, ...]) -> list[Any]:
        return [entry for entry in list(self.entries) if isinstance(entry, kind)]


class FakeStore:
    """The part of the store that a worker uses. `open` are the tokens that are current."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.claimable: dict[str, Claimed] = {}
        self.claimed_by: dict[str, str] = {}
        self.open: dict[str, TokenState] = {}
        self.rows: list[TaskRun] = []
        self.beats: list[str] = []
        self.retired: list[str] = []
        self.lost: set[str] = set()
        self.is_broken = False
        # called between the question for open tokens and its answer
        self.on_question: Callable[[], None] = lambda: None
        self.questions: list[list[str]] = []

    def claim(self, requests: Sequence[ClaimRequest], worker_id: str) -> list[Claimed]:
        found = [
            self.claimable[item.token]
            for item in requests
            if item.token in self.claimable and item.token not in self.claimed_by
        ]
        for item in found:
            self.claimed_by[item.task_run.token or ""] = worker_id
        return found

    def beat(self, worker_id: str, *, group: str, slots: int, lease_seconds: float) -> bool:
        if worker_id in self.lost:
            return False
        self.beats.append(worker_id)
        return True

    def retire_worker(self, worker_id: str) -> None:
        self.retired.append(worker_id)

    def open_tokens(self, tokens: Sequence[str]) -> dict[str, TokenState]:
        found = {token: self.open[token] for token in tokens if token in self.open}
        self.on_question()
        self.questions.append(list(tokens))
        return found

    def outputs_of(self, execution_id: str, day: datetime, task_ids: Any) -> list[TaskRun]:
        return list(self.rows)

    def rows_around(self, claimed: Sequence[Claimed], task_ids: Any) -> dict[str, list[TaskRun]]:
        return {item.task_run.id: list(self.rows) for item in claimed}

    def write_logs(self, logs: Sequence[LogRow], metrics: Sequence[MetricRow]) -> None:
        if self.is_broken:
            raise ConnectionError("the store does not answer")
        self.journal.add([*logs, *metrics])

    def put_inbox(self, rows: Sequence[InboxRow]) -> list[InboxRow]:
        self.journal.add(rows)
        return list(rows)


class FakeBus(MemoryBus):
    """`loses`: what is published is written down, and lost."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal
        self.is_broken = False

    def publish(self, published: Sequence[Message]) -> None:
        if self.is_broken:
            raise ConnectionError("the bus does not answer")
        for message in published:
            _, events = messages.parse(message.body)
            assert all(shard_of(execution_id) == message.shard for execution_id, _ in events)
            self.journal.add([event for _, event in events])


class FakeLive(MemoryLiveUpdates):
    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self.journal = journal

    def publish(self, notes: Sequence[Note]) -> None:
        self.journal.add(notes)


class FakeServices:
    """`secret()` gives what the test has hidden."""

    def __init__(self, secrets: Mapping[str, str], masker: Masker) -> None:
        self._secrets = secrets
        self._masker = masker

    def secret(self, key: str, namespace: str | None) -> str:
        if key not in self._secrets:
            raise NotFound(f"there is no secret {key}")
        self._masker.add(self._secrets[key])
        return self._secrets[key]

    def mask(self, text: str) -> None:
        self._masker.add(text)


class FakeOutside:
    def __init__(self) -> None:
        self.tasks: dict[str, RunnableTask] = {}
        self.secrets: dict[str, str] = {}
        self.broken: set[str] = set()

    def bundle(self, head: Head) -> FlowBundle:
        if "bundle" in self.broken:
            raise NotFound("the revision is gone")
        places = {name: Place(task, None, Phase.MAIN, 0, None) for name, task in self.tasks.items()}
        flow = CompiledFlow("flow", "company.team", 1, tuple(self.tasks.values()), places=places)
        return FlowBundle(flow)

    def surroundings(self, head: Head, bundle: FlowBundle) -> Surroundings:
        return Surroundings()

    def services(self, head: Head, scope: Any, masker: Masker | None = None) -> Any:
        if "services" in self.broken:
            raise ConnectionError("the services do not answer")
        return FakeServices(self.secrets, masker or Masker())


class Stage:
    """A worker and all that it sees. `work` adds an attempt that waits to be claimed."""

    def __init__(
        self,
        temporary: Path,
        *,
        heartbeat: float = NEVER,
        started_notice: float = NEVER,
        kill_grace: float = NEVER,
        slots: int = 4,
        on_exhausted: Callable[[], None] = lambda: None,
    ) -> None:
        self.journal = Journal()
        self.store = FakeStore(self.journal)
        self.bus = FakeBus(self.journal)
        self.outside = FakeOutside()
        self.head = Head(
            id=new_id(),
            tenant="main",
            namespace="company.team",
            flow_id="flow",
            flow_revision=1,
            state=State.RUNNING,
            history=((State.CREATED, DAY),),
            original_id="x",
            created_at=DAY,
        )
        store: Any = self.store
        outside: Any = self.outside
        self.worker = Worker(
            group="",
            slots=slots,
            store=store,
            bus=self.bus,
            live=FakeLive(self.journal),
            engine=ExpressionEngine(),
            outside=outside,
            temporary=temporary,
            times=WorkerTimes(
                heartbeat=heartbeat, started_notice=started_notice, kill_grace=kill_grace
            ),
            on_exhausted=on_exhausted,
        )

    def work(
        self, task_id: str, action: Action, *, is_light: bool = False, **options: Any
    ) -> WorkItem:
        kind = LightCall if is_light else Call
        self.outside.tasks[task_id] = kind(id=task_id, type=kind.type_name, **options)
        Call.actions[task_id] = action
        run = TaskRun(
            id=new_id(),
            seq=len(self.store.claimable),
            task_id=task_id,
            state=State.CREATED,
            history=((State.CREATED, DAY),),
            token=new_id(),
        )
        token = run.token or ""
        self.store.claimable[token] = Claimed(self.head, run)
        self.store.open[token] = TokenState(None, is_killing=False)
        return WorkItem("main", "company.team", self.head.id, run.id, token, DAY, is_light=is_light)

    def run(self, task_id: str, action: Action, **options: Any) -> TaskEnded:
        """Runs it to its end, in this thread; gives its result."""
        item = self.work(task_id, action, **options)
        self.worker.handle([item])
        return self.result_of(item)

    def result_of(self, item: WorkItem) -> TaskEnded:
        return wait_for(
            lambda: next((event for event in self.ends if event.token == item.token), None),
            f"the result of {item.token}",
        )  # type: ignore[return-value]  # wait_for gives what is true

    def mark_killing(self, item: WorkItem) -> None:
        self.store.open[item.token] = replace(self.store.open[item.token], is_killing=True)

    @property
    def ends(self) -> list[TaskEnded]:
        return self.journal.of(TaskEnded)

    @property
    def starts(self) -> list[TaskStarted]:
        return self.journal.of(TaskStarted)

    @property
    def lines(self) -> list[str]:
        return [row.message for row in self.journal.of(LogRow)]

    @property
    def inbox(self) -> list[InboxRow]:
        return self.journal.of(InboxRow)

    def close(self) -> None:
        self.bus.is_broken = self.store.is_broken = False
        self.worker.close(0.0)


class Gate:
    """A task that has begun, and goes on when it is told to, or killed."""

    def __init__(self, *, ends_when_killed: bool = True) -> None:
        self.has_begun = threading.Event()
        self.may_end = threading.Event()
        self.was_killed = threading.Event()
        self._ends_when_killed = ends_when_killed

    def __call__(self, context: RunContext) -> None:
        context.on_kill(self.was_killed.set)
        if self._ends_when_killed:
            context.on_kill(self.may_end.set)
        self.has_begun.set()
        wait_for(self.may_end.is_set, "the gate")
        if context.is_killed:
            raise InterruptedError("stopped in the middle")


def start(stage: Stage, gate: Gate, **options: Any) -> tuple[WorkItem, Future[None]]:
    """An attempt that has begun, and the thread in which it runs."""
    item = stage.work("a", gate, **options)
    running = in_thread(lambda: stage.worker.handle([item]))
    wait_for(gate.has_begun.is_set, "the task")
    return item, running


def nothing(context: RunContext) -> None:
    """A task that has nothing to do."""


def failing(error: BaseException) -> Action:
    def action(context: RunContext) -> None:
        raise error

    return action
