"""The worker: what it claims, how it starts, what fails."""

import pytest

from plugins.contracts.failure import TaskFailed
from plugins.contracts.state import State
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import Gate, failing, nothing


class NoOrdinaryError(BaseException):
    """What `except Exception` lets pass."""


def test_it_runs_what_it_claims_and_tells_the_result(stage):
    event = stage.run("a", lambda context: {"n": 1})

    assert event.state is State.SUCCESS
    assert event.outputs.value == {"n": 1}
    assert event.worker_id == stage.worker.id
    assert event.started_at <= event.ended_at


def test_it_runs_only_what_the_claim_gives(stage):
    ran = []
    mine = stage.work("mine", lambda context: ran.append("mine"))
    theirs = stage.work("theirs", lambda context: ran.append("theirs"))
    stage.store.claimed_by[theirs.token] = "another worker"

    stage.worker.handle([theirs, mine])

    stage.result_of(mine)
    assert ran == ["mine"]
    assert {event.token for event in stage.ends} == {mine.token}


def test_a_message_that_comes_twice_is_run_once(stage):
    ran = []
    item = stage.work("a", lambda context: ran.append(1))

    stage.worker.handle([item])
    stage.worker.handle([item])

    assert ran == [1]


def test_members_of_a_bundle_run_one_after_another_and_fail_each_for_itself(stage):
    order = []
    items = [
        stage.work("a", lambda context: order.append("a"), is_light=True),
        stage.work("b", failing(ValueError("no")), is_light=True),
        stage.work("c", lambda context: order.append("c"), is_light=True),
    ]

    stage.worker.handle(items)

    states = [stage.result_of(item).state for item in items]
    assert states == [State.SUCCESS, State.FAILED, State.SUCCESS]
    assert order == ["a", "c"]


@pytest.mark.parametrize("broken", ["bundle", "services"])
def test_what_cannot_be_prepared_fails_with_the_reason(stage, broken):
    stage.outside.broken.add(broken)

    event = stage.run("a", nothing)

    assert event.state is State.FAILED
    assert "cannot be prepared" in event.message
    assert stage.lines == [event.message]


def test_a_timeout_that_cannot_be_rendered_fails_the_attempt_and_no_other(stage):
    items = [
        stage.work("a", nothing, is_light=True, timeout="{{ no.such.thing }}"),
        stage.work("b", nothing, is_light=True),
    ]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]


def test_a_start_is_told_before_the_result(stage):
    stage.run("a", nothing)

    assert [type(event).__name__ for event in [*stage.starts, *stage.ends]] == [
        "TaskStarted",
        "TaskEnded",
    ]
    entries = stage.journal.entries
    assert entries.index(stage.starts[0]) < entries.index(stage.ends[0])


def test_a_light_task_that_ends_soon_tells_no_start(stage):
    stage.run("a", nothing, is_light=True)

    assert stage.starts == []


def test_a_light_task_that_lasts_tells_its_start(make_stage):
    stage = make_stage(started_notice=0.0)
    gate = Gate()
    item = stage.work("a", gate, is_light=True)
    running = in_thread(lambda: stage.worker.handle([item]))

    wait_for(lambda: stage.starts, "the start")

    gate.may_end.set()
    running.result(DEADLINE)
    assert stage.starts[0].worker_id == stage.worker.id


def test_a_failure_that_the_task_knows_stands_as_it_is(stage):
    event = stage.run("a", failing(TaskFailed("no luck")))

    assert (event.state, event.message) == (State.FAILED, "no luck")
    assert stage.lines == ["no luck"]


def test_another_error_tells_its_kind_and_leaves_its_trace(stage):
    event = stage.run("a", failing(ValueError("odd")))

    assert event.message == "ValueError: odd"
    assert any("Traceback" in line for line in stage.lines)


def test_outputs_that_an_error_left_behind_are_kept(stage):
    error = TaskFailed("half done")
    error.outputs = {"done": 3}

    assert stage.run("a", failing(error)).outputs.value == {"done": 3}


@pytest.mark.parametrize(
    "result", [{"x": object()}, "text", 3, [1]], ids=["object", "text", "number", "list"]
)
def test_a_result_that_cannot_be_kept_fails_the_task_not_the_worker(stage, result):
    assert stage.run("a", lambda context: result).state is State.FAILED
    assert stage.run("b", nothing).state is State.SUCCESS


def test_outputs_of_a_failure_that_cannot_be_kept_do_not_stop_the_worker(stage):
    error = TaskFailed("half done")
    error.outputs = {"x": object()}
    items = [stage.work("a", failing(error)), stage.work("b", nothing)]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]
    assert "half done" in stage.result_of(items[0]).message


@pytest.mark.parametrize("error", [SystemExit(1), NoOrdinaryError("odd")], ids=repr)
def test_a_task_that_wants_to_end_the_process_only_fails(stage, error):
    items = [stage.work("a", failing(error)), stage.work("b", nothing)]

    stage.worker.handle(items)

    assert [stage.result_of(item).state for item in items] == [State.FAILED, State.SUCCESS]
