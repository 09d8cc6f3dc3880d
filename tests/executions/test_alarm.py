"""The timers in memory."""

from datetime import UTC, datetime, timedelta

from executions.executor.alarm import Alarm
from executions.store.contract import TimerRow

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def row(token, seconds=0.0, execution="e"):
    return TimerRow(NOW + timedelta(seconds=seconds), 1, execution, None, "RETRY", token)


def alarm(*rows):
    found = Alarm()
    found.add(rows)
    return found


def due(found, seconds=0.0):
    return [timer.token for timer in found.due(NOW + timedelta(seconds=seconds))]


def test_what_is_due_comes_in_the_order_of_its_time():
    found = alarm(row("c", 3), row("a", 1), row("b", 2))

    assert due(found, 0) == []
    assert due(found, 2) == ["a", "b"]
    assert due(found, 9) == ["c"]


def test_a_timer_comes_once():
    found = alarm(row("a"))

    assert due(found) == ["a"]
    assert due(found, 9) == []


def test_a_timer_that_is_added_twice_comes_once():
    found = alarm(row("a"), row("a"))
    found.add([row("a")])

    assert due(found, 9) == ["a"]


def test_the_time_to_the_next_is_told():
    found = alarm(row("b", 20), row("a", 5))

    assert found.seconds_to_next(NOW) == 5
    assert found.seconds_to_next(NOW + timedelta(seconds=9)) == 0
    assert alarm().seconds_to_next(NOW) is None


def test_the_timers_of_a_dropped_execution_do_not_come():
    found = alarm(row("a", 1, "gone"), row("b", 2, "stays"))

    found.drop("gone")
    found.drop("unknown")

    assert found.seconds_to_next(NOW) == 2
    assert due(found, 9) == ["b"]


def test_a_dropped_execution_may_come_back():
    found = alarm(row("a", 1))
    found.drop("e")

    found.add([row("a", 1), row("b", 2)])

    assert due(found, 9) == ["a", "b"]


def test_a_timer_may_be_set_again_after_it_came():
    found = alarm(row("a"))
    due(found)

    found.add([row("a", 5)])

    assert due(found, 5) == ["a"]


def test_dropping_after_some_came_is_no_matter():
    found = alarm(row("a", 1), row("b", 2))
    due(found, 1)

    found.drop("e")

    assert due(found, 9) == []
    assert found.seconds_to_next(NOW) is None
