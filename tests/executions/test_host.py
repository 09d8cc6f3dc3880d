"""The worker's pools, and its doors."""

import threading

import pytest

from common.errors import Unavailable
from executions.dispatch.contract import WorkItem
from executions.worker import current
from executions.worker.host import BACKLOG_FACTOR, LIGHT_THREADS, WorkerHost
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import DAY


class FakeWorker:
    """Handles nothing before `may_end`."""

    def __init__(self):
        self.begun: list[str] = []
        self.handled: list[str] = []
        self.killed: list[str] = []
        self.closed: list[float] = []
        self.may_end = threading.Event()
        self.fails: set[str] = set()

    def handle(self, items):
        tokens = [item.token for item in items]
        self.begun.extend(tokens)
        wait_for(self.may_end.is_set, "leave to end")
        if self.fails & set(tokens):
            raise ConnectionError("no claim")
        self.handled.extend(tokens)

    def kill(self, tokens):
        self.killed.extend(tokens)

    def close(self, seconds):
        self.closed.append(seconds)


def item(token, *, is_light=False):
    return WorkItem("main", "a", "execution", "run", token, DAY, is_light=is_light)


def tokens_of(bundles):
    return [[item.token for item in items] for items in bundles]


@pytest.fixture
def worker():
    found = FakeWorker()
    yield found
    found.may_end.set()


@pytest.fixture
def make_host(worker):
    hosts = []

    def make(**options):
        hosts.append(WorkerHost(worker, **{"slots": 1, **options}))
        return hosts[-1]

    yield make
    worker.may_end.set()
    for host in hosts:
        host.close(0)


def test_what_is_accepted_is_handled(worker, make_host):
    worker.may_end.set()
    host = make_host()

    host.accept([item("a"), item("b")])

    wait_for(lambda: worker.handled == ["a", "b"])


def test_as_many_run_at_once_as_there_are_slots(worker, make_host):
    host = make_host(slots=2)
    for token in "abc":
        host.accept([item(token)])

    wait_for(lambda: len(worker.begun) == 2)
    worker.may_end.set()

    wait_for(lambda: sorted(worker.handled) == ["a", "b", "c"])


def test_light_work_does_not_wait_behind_scripts(worker, make_host):
    host = make_host(slots=1)
    host.accept([item("script")])
    host.accept([item("next script")])

    host.accept([item("light", is_light=True)])

    wait_for(lambda: "light" in worker.begun)
    assert "next script" not in worker.begun


def test_a_bundle_that_fails_stops_no_other(worker, make_host):
    worker.may_end.set()
    worker.fails.add("a")
    host = make_host()

    host.accept([item("a")])
    host.accept([item("b")])

    wait_for(lambda: worker.handled == ["b"])


def test_a_bounded_host_takes_no_more_than_it_can_hold(worker, make_host):
    host = make_host(slots=1, is_bounded=True)
    accepted: list[int] = []

    def feed():
        for number in range(BACKLOG_FACTOR + 2):
            host.accept([item(str(number))])
            accepted.append(number)

    feeding = in_thread(feed)
    wait_for(lambda: len(accepted) == BACKLOG_FACTOR)
    assert not feeding.done()

    worker.may_end.set()

    feeding.result(DEADLINE)
    wait_for(lambda: len(worker.handled) == BACKLOG_FACTOR + 2)


def test_a_full_backlog_of_scripts_does_not_hold_up_light_work(worker, make_host):
    host = make_host(slots=1, is_bounded=True)
    for number in range(BACKLOG_FACTOR):
        host.accept([item(str(number))])

    in_thread(lambda: host.accept([item("light", is_light=True)])).result(DEADLINE)

    wait_for(lambda: "light" in worker.begun)


def test_a_failure_gives_its_place_back(worker, make_host):
    worker.may_end.set()
    host = make_host(slots=1, is_bounded=True)
    tokens = [str(number) for number in range(3 * BACKLOG_FACTOR * LIGHT_THREADS)]
    worker.fails.update(tokens)

    def feed():
        for token in tokens:
            host.accept([item(token)])

    in_thread(feed).result(DEADLINE)
    assert worker.handled == []


def test_kills_go_to_the_worker(worker, make_host):
    make_host().kill(["a", "b"])

    assert worker.killed == ["a", "b"]


def test_closing_gives_back_what_has_not_begun_and_closes_the_worker(worker, make_host):
    given_back = []
    host = make_host(slots=1, give_back=given_back.extend)
    host.accept([item("runs")])
    host.accept([item("waits"), item("too")])
    wait_for(lambda: worker.begun == ["runs"])

    host.close(7.0)
    worker.may_end.set()

    wait_for(lambda: worker.handled == ["runs"])
    assert tokens_of(given_back) == [["waits", "too"]]
    assert worker.closed == [7.0]
    assert worker.begun == ["runs"]


def test_who_waits_for_room_is_freed_and_what_it_brings_is_given_back(worker, make_host, caplog):
    given_back = []
    host = make_host(slots=1, is_bounded=True, give_back=given_back.extend)
    for number in range(BACKLOG_FACTOR):
        host.accept([item(str(number))])
    wait_for(lambda: worker.begun == ["0"])
    blocked = in_thread(lambda: host.accept([item("blocked")]))
    wait_for(lambda: host._heavy._changed._waiters)

    host.take_no_more()

    blocked.result(DEADLINE)
    assert sorted(tokens_of(given_back)) == [["1"], ["blocked"]]
    assert caplog.records == []


@pytest.mark.parametrize("is_light", [True, False])
def test_what_comes_after_the_end_is_given_back(worker, make_host, is_light):
    given_back = []
    host = make_host(give_back=given_back.extend)
    host.close(0)

    host.accept([item("late", is_light=is_light)])

    assert tokens_of(given_back) == [["late"]]
    assert worker.begun == []


def test_nothing_is_given_back_twice(worker, make_host):
    given_back = []
    host = make_host(slots=1, give_back=given_back.extend)
    host.accept([item("runs")])
    host.accept([item("waits")])
    wait_for(lambda: worker.begun == ["runs"])

    host.take_no_more()
    host.close(0)

    assert tokens_of(given_back) == [["waits"]]


def test_a_broker_that_does_not_answer_does_not_spoil_the_end(worker, make_host, caplog):
    def broken(bundles):
        raise ConnectionError("no Redis")

    host = make_host(slots=1, give_back=broken)
    host.accept([item("runs")])
    host.accept([item("waits")])
    wait_for(lambda: worker.begun == ["runs"])

    host.close(3.0)

    assert worker.closed == [3.0]
    assert "no Redis" in caplog.text


def test_a_door_without_a_host_says_so(monkeypatch, worker, make_host):
    monkeypatch.setattr(current, "_host", [])
    with pytest.raises(Unavailable):
        current.current_host()

    host = make_host()
    current.set_current_host(host)

    assert current.current_host() is host
