"""Calls at a time."""

import threading
import time

import pytest

from executions.worker.ticker import Ticker
from tests.support.waiting import DEADLINE, in_thread

LATE = 3600.0


@pytest.fixture
def ticker():
    found = Ticker()
    yield found
    found.close()


def test_a_call_is_made(ticker):
    called = threading.Event()

    ticker.after(0, called.set)

    assert called.wait(DEADLINE)


def test_an_earlier_call_does_not_wait_for_a_later_one(ticker):
    called = threading.Event()
    ticker.after(LATE, lambda: None)

    ticker.after(0.01, called.set)

    assert called.wait(DEADLINE)


def test_calls_come_in_the_order_of_their_time(ticker):
    order: list[int] = []
    done = threading.Event()
    ticker.after(0.06, done.set)
    ticker.after(0.04, lambda: order.append(2))
    ticker.after(0.02, lambda: order.append(1))

    assert done.wait(DEADLINE)
    assert order == [1, 2]


def test_a_cancelled_call_is_not_made(ticker):
    order: list[str] = []
    done = threading.Event()
    call = ticker.after(0.01, lambda: order.append("cancelled"))
    call.cancel()
    call.cancel()
    ticker.after(0.02, done.set)

    assert done.wait(DEADLINE)
    assert order == []


def test_a_call_that_fails_stops_no_other(ticker):
    called = threading.Event()

    def broken():
        raise ValueError("no")

    ticker.after(0, broken)
    ticker.after(0.01, called.set)

    assert called.wait(DEADLINE)


def test_a_call_may_ask_for_another(ticker):
    called = threading.Event()

    ticker.after(0, lambda: ticker.after(0, called.set) and None)

    assert called.wait(DEADLINE)


def test_calls_at_the_same_time_are_all_made(ticker):
    left = threading.Semaphore(0)

    for _ in range(100):
        ticker.after(0.01, left.release)

    assert all(left.acquire(timeout=DEADLINE) for _ in range(100))


def test_closing_does_not_wait_for_what_is_not_due():
    ticker = Ticker()
    called: list[int] = []
    ticker.after(LATE, lambda: called.append(1))

    in_thread(ticker.close).result(DEADLINE)

    assert called == []


def test_what_comes_after_cancelled_calls_is_made(ticker):
    done = threading.Event()
    for _ in range(3):
        ticker.after(0.01, lambda: None).cancel()
    ticker.after(0.02, lambda: None).cancel()
    ticker.after(0.03, done.set)

    assert done.wait(DEADLINE)


def test_a_call_is_made_while_others_come_and_are_cancelled(ticker):
    done = threading.Event()
    ticker.after(0.02, done.set)

    until = time.monotonic() + DEADLINE
    while not done.is_set() and time.monotonic() < until:
        ticker.after(0.01, lambda: None).cancel()
    assert done.is_set()
