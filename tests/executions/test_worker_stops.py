"""The worker: attempts that are killed, take too long, or do not listen."""

import threading

from plugins.contracts.state import State
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import Call, Gate, nothing, start


def gate_quietly(gate, context):
    try:
        gate(context)
    except InterruptedError:
        return


def test_a_kill_ends_the_attempt_killed(stage):
    gate = Gate()
    item, running = start(stage, gate)

    stage.worker.kill([item.token, "unknown"])

    running.result(DEADLINE)
    event = stage.result_of(item)
    assert (event.state, event.message) == (State.KILLED, "Killed")
    assert Call.kills == ["a"]


def test_a_second_kill_is_told_once(stage):
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate)

    stage.worker.kill([item.token])
    stage.worker.kill([item.token])

    assert Call.kills == ["a"]
    gate.may_end.set()
    running.result(DEADLINE)


def test_a_task_that_succeeds_in_spite_of_a_kill_is_a_success(stage):
    gate = Gate()
    item = stage.work("a", lambda context: (gate_quietly(gate, context), {"n": 1})[1])
    running = in_thread(lambda: stage.worker.handle([item]))
    wait_for(gate.has_begun.is_set)

    stage.worker.kill([item.token])

    running.result(DEADLINE)
    assert stage.result_of(item).state is State.SUCCESS


def test_a_task_that_takes_too_long_is_stopped_and_says_so(stage):
    gate = Gate()
    event = stage.run("a", gate, timeout="PT0.01S")

    assert event.state is State.FAILED
    assert event.message.startswith("Timed out after")
    assert Call.kills == ["a"]


def test_a_task_that_ends_well_after_its_time_has_failed_all_the_same(stage):
    gate = Gate()
    event = stage.run("a", lambda context: gate_quietly(gate, context), timeout="PT0.01S")

    assert event.state is State.FAILED
    assert "Timed out" in event.message


def test_a_timeout_is_rendered(stage):
    event = stage.run("a", Gate(), timeout="{{ 'PT0.01S' }}")

    assert "Timed out" in event.message


def test_a_task_that_ends_in_time_is_not_stopped_later(stage):
    event = stage.run("a", nothing, timeout="PT1H")

    assert event.state is State.SUCCESS
    assert Call.kills == []


def test_a_thread_that_does_not_end_is_left_behind(make_stage):
    stage = make_stage(kill_grace=0.0)
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate)

    stage.worker.kill([item.token])

    event = stage.result_of(item)
    assert event.state is State.KILLED
    assert "left behind" in event.message
    gate.may_end.set()
    running.result(DEADLINE)
    assert stage.worker._reporter.flush(DEADLINE)
    assert len(stage.ends) == 1


def test_a_task_left_behind_after_its_time_has_failed(make_stage):
    stage = make_stage(kill_grace=0.0)
    gate = Gate(ends_when_killed=False)
    item, running = start(stage, gate, timeout="PT0.01S")

    assert stage.result_of(item).state is State.FAILED
    gate.may_end.set()
    running.result(DEADLINE)


def test_a_worker_with_too_many_threads_left_behind_is_exhausted(make_stage):
    exhausted = threading.Event()
    stage = make_stage(kill_grace=0.0, slots=4, on_exhausted=exhausted.set)
    gates = [Gate(ends_when_killed=False) for _ in range(2)]
    items = [stage.work(f"task{n}", gate) for n, gate in enumerate(gates)]
    threads = [in_thread(lambda item=item: stage.worker.handle([item])) for item in items]
    for gate in gates:
        wait_for(gate.has_begun.is_set)

    stage.worker.kill([items[0].token])
    stage.result_of(items[0])
    assert not exhausted.is_set()
    stage.worker.kill([items[1].token])

    assert exhausted.wait(DEADLINE)
    for gate, thread in zip(gates, threads, strict=True):
        gate.may_end.set()
        thread.result(DEADLINE)


def test_a_member_of_a_bundle_that_was_killed_before_its_turn_does_not_run(stage):
    gate, ran = Gate(), []
    items = [
        stage.work("a", gate, is_light=True),
        stage.work("b", lambda context: ran.append("b"), is_light=True),
    ]
    running = in_thread(lambda: stage.worker.handle(items))
    wait_for(gate.has_begun.is_set)

    stage.worker.kill([items[1].token])
    gate.may_end.set()

    running.result(DEADLINE)
    assert stage.result_of(items[1]).state is State.KILLED
    assert ran == []
