"""What attempts leave behind on its way out."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.ids import new_id
from executions.executor.events import TaskEnded, TaskStarted
from executions.live.contract import Note
from executions.store.contract import InboxRow, LogRow, MetricRow
from executions.worker.reporter import LINES_AT_ONCE, SENDS_OVER_THE_BUS, Reporter
from plugins.contracts.state import State
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import FakeBus, FakeLive, FakeStore, Journal

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXECUTION = new_id()
LINE = LogRow("main", "company.team", "flow", EXECUTION, "a", "run", 0, "INFO", "hello", NOW, NOW)
METRIC = MetricRow(
    "main", "company.team", "flow", EXECUTION, "a", "run", "rows", "counter", 1.0, {}, NOW, NOW
)


def ended(token):
    return TaskEnded("run", token, State.SUCCESS, NOW, NOW, "w")


class Desk:
    def __init__(self):
        self.journal = Journal()
        self.store = FakeStore(self.journal)
        self.bus = FakeBus(self.journal)
        self.reporter = Reporter(self.store, self.bus, FakeLive(self.journal))

    def flush(self):
        assert self.reporter.flush(DEADLINE)

    def confirm(self, *open_tokens):
        self.reporter.confirm(set(open_tokens), asked=self.reporter.held_tokens())
        self.flush()

    def sent(self):
        self.flush()
        return [event.token for event in self.journal.of(TaskEnded)]


@pytest.fixture
def desk():
    found = Desk()
    yield found
    found.bus.is_broken = found.store.is_broken = False
    found.reporter.close()


def test_lines_and_metrics_are_written_and_told(desk):
    desk.reporter.line(LINE)
    desk.reporter.metric(METRIC)
    desk.flush()

    assert desk.journal.of(LogRow) == [LINE]
    assert desk.journal.of(MetricRow) == [METRIC]
    assert desk.journal.of(Note) == [Note("main", EXECUTION, "log")]


def test_results_are_sent_as_they_are(desk):
    started = TaskStarted("run", "one", "w", NOW)
    desk.reporter.event(EXECUTION, started)
    desk.reporter.event(EXECUTION, ended("one"))
    desk.flush()

    assert desk.journal.of((TaskStarted, TaskEnded)) == [started, ended("one")]


def test_lines_stand_before_the_result_that_came_with_them(desk):
    desk.store.is_broken = True
    for number in range(2 * LINES_AT_ONCE + 1):
        desk.reporter.line(replace(LINE, message=str(number)))
    desk.reporter.event(EXECUTION, ended("one"))
    desk.store.is_broken = False
    desk.flush()

    kinds = [type(entry).__name__ for entry in desk.journal.of((LogRow, TaskEnded))]
    assert kinds == ["LogRow"] * (2 * LINES_AT_ONCE + 1) + ["TaskEnded"]


def test_only_results_are_held(desk):
    desk.reporter.event(EXECUTION, TaskStarted("run", "zero", "w", NOW))
    desk.reporter.event(EXECUTION, ended("one"))
    desk.flush()

    assert desk.reporter.held_tokens() == ["one"]


def test_what_is_no_longer_open_is_let_go(desk):
    desk.reporter.event(EXECUTION, ended("one"))
    desk.reporter.event(EXECUTION, ended("two"))
    desk.flush()

    desk.confirm("two")

    assert desk.reporter.held_tokens() == ["two"]


def test_what_is_still_open_is_sent_again_then_goes_into_the_inbox(desk):
    desk.reporter.event(EXECUTION, ended("one"))
    for _ in range(1, SENDS_OVER_THE_BUS):
        desk.flush()
        desk.confirm("one")

    assert desk.sent() == ["one"] * SENDS_OVER_THE_BUS
    assert desk.journal.of(InboxRow) == []
    desk.confirm("one")
    assert desk.sent() == ["one"] * SENDS_OVER_THE_BUS
    assert [row.execution_id for row in desk.journal.of(InboxRow)] == [EXECUTION]
    # a row of the inbox is not lost: nothing is left to hold
    assert desk.reporter.held_tokens() == []


def test_the_inbox_gets_a_result_once(desk):
    desk.reporter.event(EXECUTION, ended("one"))
    desk.flush()

    for _ in range(6):
        desk.confirm("one")

    assert len(desk.journal.of(InboxRow)) == 1


def test_a_bus_that_does_not_answer_is_tried_again_and_no_line_is_written_twice(desk):
    desk.bus.is_broken = True
    desk.reporter.line(LINE)
    desk.reporter.event(EXECUTION, ended("one"))
    wait_for(lambda: desk.journal.of(LogRow), "the line")

    desk.bus.is_broken = False

    assert desk.sent() == ["one"]
    assert desk.journal.of(LogRow) == [LINE]


def test_a_store_that_does_not_answer_is_tried_again(desk):
    desk.store.is_broken = True
    desk.reporter.line(LINE)
    desk.reporter.event(EXECUTION, ended("one"))
    desk.store.is_broken = False

    assert desk.sent() == ["one"]
    assert desk.journal.of(LogRow) == [LINE]


def test_a_broken_bus_is_said_when_there_is_no_time_to_wait(desk):
    desk.bus.is_broken = True
    desk.reporter.event(EXECUTION, ended("one"))

    assert not desk.reporter.flush(0.01)


def test_what_was_dropped_is_not_sent(desk):
    desk.bus.is_broken = True
    desk.reporter.event(EXECUTION, ended("one"))
    desk.reporter.drop_all()
    desk.bus.is_broken = False
    desk.reporter.event(EXECUTION, ended("two"))

    wait_for(lambda: "two" in desk.sent())
    assert desk.reporter.held_tokens() == ["two"]


def test_closing_sends_what_waits():
    desk = Desk()
    desk.reporter.line(LINE)
    desk.reporter.event(EXECUTION, ended("one"))

    desk.reporter.close()

    assert [event.token for event in desk.journal.of(TaskEnded)] == ["one"]
    assert desk.journal.of(LogRow) == [LINE]


def test_closing_does_not_wait_for_a_bus_that_is_gone():
    desk = Desk()
    desk.bus.is_broken = True
    desk.reporter.event(EXECUTION, ended("one"))

    in_thread(desk.reporter.close).result(DEADLINE)


def test_a_task_that_logs_too_fast_waits_and_loses_nothing(desk):
    desk.store.is_broken = True
    count = 10 * LINES_AT_ONCE + 50
    writing = in_thread(
        lambda: [desk.reporter.line(replace(LINE, message=str(n))) for n in range(count)]
    )
    desk.store.is_broken = False

    writing.result(DEADLINE)
    desk.flush()
    assert len(desk.journal.of(LogRow)) == count


def test_what_was_on_its_way_when_all_was_dropped_does_not_come_back(desk):
    """A send under way fails after the drop: its events are not put back."""
    publish = desk.bus.publish

    def dropped_meanwhile(published):
        desk.bus.publish = publish
        desk.reporter.drop_all()
        raise ConnectionError("the bus does not answer")

    desk.bus.publish = dropped_meanwhile
    desk.reporter.event(EXECUTION, ended("one"))
    wait_for(lambda: desk.bus.publish == publish, "the send")

    assert desk.sent() == []


def test_the_last_result_of_a_bundle_is_sent_by_its_caller_with_what_waits(desk):
    desk.reporter.event(EXECUTION, TaskStarted("run", "one", "w", NOW))
    desk.reporter.line(LINE)
    desk.reporter.event(EXECUTION, ended("one"), is_last=True)

    kinds = [type(entry) for entry in desk.journal.entries]
    assert kinds.index(LogRow) < kinds.index(TaskEnded)
    assert kinds.index(TaskStarted) < kinds.index(TaskEnded)


def test_while_somebody_sends_the_last_result_waits_its_turn(desk):
    publish, busy = desk.bus.publish, []

    def publish_slowly(published):
        desk.bus.publish = publish
        desk.reporter.event(EXECUTION, ended("two"), is_last=True)
        busy.append(len(desk.journal.of(TaskEnded)))
        publish(published)

    desk.bus.publish = publish_slowly
    desk.reporter.event(EXECUTION, ended("one"), is_last=True)

    assert desk.sent() == ["one", "two"]
    assert busy == [0]


def test_what_its_caller_could_not_send_is_tried_again(desk):
    desk.bus.is_broken = True
    desk.reporter.event(EXECUTION, ended("one"), is_last=True)
    desk.bus.is_broken = False

    assert desk.sent() == ["one"]
