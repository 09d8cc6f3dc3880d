"""The scheduler's turn: who may do what is due, and when again."""

import threading
from datetime import timedelta

import pytest

from executions.scheduler.chores import Chore
from executions.scheduler.lease import hold_lease
from executions.scheduler.service import PATIENCE_SECONDS, Scheduler
from rest.database import engine_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_the_engine():
    with engine_role():
        yield


@pytest.fixture
def done() -> list[str]:
    return []


def chore(name: str, done: list[str], *, every: float = 100.0) -> Chore:
    def do() -> int:
        done.append(name)
        return 1

    return Chore(name, timedelta(seconds=every), do)


def failing(done: list[str]) -> Chore:
    def do() -> int:
        done.append("failing")
        raise ValueError("it does not work")

    return Chore("failing", timedelta(seconds=1000), do)


def test_what_is_due_is_done_at_once_and_then_after_its_time(done):
    scheduler = Scheduler(owner="one", chores=[chore("a", done, every=100), chore("b", done)])

    for moment in (1000.0, 1099.0, 1100.0):
        scheduler.turn(moment)

    assert done == ["a", "b", "a", "b"]


def test_nothing_is_done_without_the_lease(done):
    hold_lease("other", seconds=60)

    Scheduler(owner="one", chores=[chore("a", done)]).turn(1000.0)

    assert done == []


def test_chore_that_fails_keeps_no_other_from_being_done_and_is_tried_again_soon(done):
    scheduler = Scheduler(owner="one", chores=[failing(done), chore("a", done, every=1000)])

    scheduler.turn(1000.0)
    scheduler.turn(1000.0 + PATIENCE_SECONDS)

    assert done == ["failing", "a", "failing"]


@pytest.mark.django_db(transaction=True)
def test_thread_does_the_chores_and_gives_the_lease_back_when_it_is_stopped():
    is_done = threading.Event()

    def do() -> int:
        is_done.set()
        return 0

    scheduler = Scheduler(owner="one", chores=[Chore("a", timedelta(days=1), do)])

    scheduler.start()
    assert is_done.wait(30)
    scheduler.stop(30)

    assert hold_lease("two", seconds=60)


def test_scheduler_that_never_started_can_be_stopped():
    Scheduler(owner="one", chores=[]).stop(1)
