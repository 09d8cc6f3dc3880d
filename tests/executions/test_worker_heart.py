"""The worker: what it holds, what it learns at its beats, how it takes leave."""

import threading

from executions.executor.events import TaskEnded
from plugins.contracts.state import State
from tests.support.waiting import DEADLINE, in_thread, wait_for
from tests.support.worker import Gate, nothing, start

BEATING = 0.01


def test_a_worker_beats_before_it_takes_work(stage):
    assert stage.store.beats == [stage.worker.id]


def test_a_result_is_held_until_its_owner_has_it(make_stage):
    stage = make_stage(heartbeat=BEATING)
    item = stage.work("a", nothing)
    stage.worker.handle([item])

    wait_for(lambda: len([event for event in stage.ends if event.token == item.token]) >= 2)
    del stage.store.open[item.token]

    wait_for(lambda: stage.worker._reporter.held_tokens() == [])


def test_a_result_that_nobody_takes_goes_into_the_inbox(make_stage):
    stage = make_stage(heartbeat=BEATING)
    item = stage.work("a", lambda context: {"n": 1})
    stage.worker.handle([item])

    rows = wait_for(lambda: stage.inbox, "the inbox")

    assert (rows[0].execution_id, rows[0].kind) == (stage.head.id, "RESULT")
    assert rows[0].payload["token"] == item.token
    assert rows[0].payload["outputs"]["value"] == {"n": 1}


def test_a_result_that_is_confirmed_is_not_sent_again(stage):
    event = stage.run("a", nothing)
    del stage.store.open[event.token]

    stage.worker._look_after_tokens()
    stage.worker._look_after_tokens()

    assert stage.worker._reporter.flush(DEADLINE)
    assert (len(stage.ends), stage.inbox) == (1, [])


def test_a_kill_that_was_missed_is_found_at_the_next_beat(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    item, running = start(stage, gate)

    stage.mark_killing(item)

    running.result(DEADLINE)
    assert stage.result_of(item).state is State.KILLED


def test_what_is_no_longer_wanted_is_stopped(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    item, running = start(stage, gate)

    del stage.store.open[item.token]

    running.result(DEADLINE)
    assert gate.was_killed.is_set()


def test_a_beat_that_fails_is_tried_again(make_stage):
    stage = make_stage(heartbeat=BEATING)
    beat = stage.store.beat
    failed = threading.Event()

    def broken(*args, **kwargs):
        failed.set()
        raise ConnectionError("no store")

    stage.store.beat = broken
    assert failed.wait(DEADLINE)
    seen = len(stage.store.beats)
    stage.store.beat = beat

    wait_for(lambda: len(stage.store.beats) > seen, "a beat")


def test_a_worker_that_was_declared_lost_drops_what_it_ran_and_comes_back(make_stage):
    stage = make_stage(heartbeat=BEATING)
    gate = Gate()
    former = stage.worker.id
    item, running = start(stage, gate)

    stage.store.lost.add(former)

    running.result(DEADLINE)
    assert gate.was_killed.is_set()
    wait_for(lambda: stage.store.beats[-1] != former, "the new id")
    assert stage.worker._reporter.flush(DEADLINE)
    assert [event for event in stage.ends if event.token == item.token] == []
    assert stage.worker.id != former


def test_a_lost_worker_drops_the_results_that_it_held(stage):
    event = stage.run("a", nothing)
    stage.store.lost.add(stage.worker.id)

    stage.worker._beat()

    assert stage.worker._reporter.held_tokens() == []
    assert stage.ends == [event]


def test_a_clean_stop_waits_reports_and_takes_leave(stage):
    gate = Gate()
    item, running = start(stage, gate)
    closing = in_thread(lambda: stage.worker.close(DEADLINE))

    gate.may_end.set()

    closing.result(DEADLINE)
    running.result(DEADLINE)
    assert [event.state for event in stage.journal.of(TaskEnded)] == [State.SUCCESS]
    assert stage.store.retired == [stage.worker.id]
    assert stage.ends[0].token == item.token


def test_a_result_that_comes_while_the_others_are_asked_for_is_still_held(stage):
    first = stage.run("a", nothing)
    item = stage.work("b", nothing)

    def meanwhile():
        stage.store.on_question = lambda: None
        stage.worker.handle([item])

    stage.store.on_question = meanwhile
    stage.worker._look_after_tokens()

    assert set(stage.worker._reporter.held_tokens()) == {first.token, item.token}


def test_a_lost_worker_does_not_begin_what_it_had_claimed(stage):
    gate, ran = Gate(), []
    items = [
        stage.work("a", gate, is_light=True),
        stage.work("b", lambda context: ran.append("b"), is_light=True),
    ]
    running = in_thread(lambda: stage.worker.handle(items))
    wait_for(gate.has_begun.is_set)
    stage.store.lost.add(stage.worker.id)

    stage.worker._beat()

    running.result(DEADLINE)
    assert ran == []
    assert stage.worker._reporter.held_tokens() == []
