"""Every message may come twice, or late: it changes nothing the second time."""

import pytest

from executions.executor.commands import Dispatch
from executions.executor.events import (
    ChildEnded,
    Continue,
    Loaded,
    Rendered,
    SubflowRefused,
    TaskEnded,
    TaskStarted,
)
from plugins.contracts.state import State
from tests.support.engine import MemoryRun, held, run_flow
from tests.support.engine_flows import EVERYTHING, RESULTS, SUBFLOWS

RETRIED = "{type: constant, interval: PT1S, maxAttempt: 3}"


class Twice(MemoryRun):
    """Feeds each event a second time at once."""

    def _advance(self, event):
        super()._advance(event)
        if isinstance(event, Loaded | Continue):
            return
        rows, head, seen = dict(self.rows), self.head_row, len(self.commands)
        super()._advance(event)
        assert (self.rows, self.head_row) == (rows, head), event
        asked = [item for item in self.commands[seen:] if isinstance(item, Dispatch)]
        assert asked == [], event


def test_every_event_twice_comes_to_the_same_end():
    once = run_flow(EVERYTHING, results=RESULTS, subflows=SUBFLOWS)
    twice = Twice(EVERYTHING, results=RESULTS, subflows=SUBFLOWS).start()

    assert twice.ends() == once.ends()
    assert twice.story == once.story
    assert len(twice.children) == len(once.children)


def test_no_event_changes_anything_after_the_end():
    run = run_flow(EVERYTHING, results=RESULTS, subflows=SUBFLOWS)

    for event in list(run.past):
        assert run.repeat(event) == [], event


def test_a_result_counts_once():
    run = held("tasks: [{id: a, type: Work}, {id: b, type: Work}]")
    task_run, token = run.token_of("a")
    run.end("a")

    run.feed(run.ended(task_run, token, State.FAILED))

    assert run.run_of("a").state is State.SUCCESS
    assert run.open == ["b"]


def test_a_start_that_comes_after_the_result_is_late():
    run = held("tasks: [{id: a, type: Work}, {id: b, type: Work}]")
    task_run, token = run.token_of("a")
    run.end("a")

    run.feed(TaskStarted(task_run.id, token, "w", run.now))

    assert run.history_of("a") == ["CREATED", "RUNNING", "SUCCESS"]


def test_the_result_of_an_older_attempt_is_dropped():
    run = held(f"tasks: [{{id: a, type: Work, retry: {RETRIED}}}]")
    task_run, token = run.token_of("a")
    run.end("a", State.FAILED).wait_for_timer()

    run.feed(run.ended(task_run, token, State.SUCCESS))

    assert run.open == ["a"]
    assert len(run.run_of("a").attempts) == 1


def test_the_timer_of_an_earlier_retry_does_not_shorten_a_later_one():
    run = held(f"tasks: [{{id: a, type: Work, retry: {RETRIED}}}]").end("a", State.FAILED)
    run.wait_for_timer()
    timer = run.past[-1]
    run.end("a", State.FAILED)

    run.feed(timer)

    assert run.run_of("a").state is State.RETRYING
    assert run.open == []


def test_a_condition_that_is_answered_twice_starts_one_attempt():
    run = held("tasks: [{id: a, type: Work, runIf: '{{ true }}'}]")
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]

    run.feed(answer)

    assert len(run.tokens) == 1


def test_a_condition_that_is_answered_again_during_a_retry_starts_nothing():
    run = held(f"tasks: [{{id: a, type: Work, runIf: '{{{{ true }}}}', retry: {RETRIED}}}]")
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]
    run.end("a", State.FAILED)

    run.feed(answer)

    assert run.run_of("a").state is State.RETRYING
    assert len(run.tokens) == 1


def test_a_condition_answered_with_an_error_the_second_time_changes_nothing():
    run = held("tasks: [{id: a, type: Work, runIf: '{{ true }}'}]")
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]

    run.feed(Rendered(answer.purpose, answer.task_run_id, error="no"))

    assert run.open == ["a"]


def test_a_loop_that_is_laid_out_twice_starts_its_children_once():
    run = held("""
tasks:
  - id: each
    type: ForEach
    values: "{{ [1, 2] }}"
    concurrencyLimit: 0
    tasks: [{id: a, type: Work}]
""")
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]

    run.feed(answer)

    assert run.open == ["a[1]", "a[2]"]
    assert len(run.states) == 3


def test_a_choice_that_is_answered_twice_runs_one_branch():
    run = held("""
tasks:
  - id: if
    type: If
    condition: "{{ true }}"
    then: [{id: a, type: Work}]
    else: [{id: b, type: Work}]
""")
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]

    run.feed(Rendered(answer.purpose, answer.task_run_id, values={"condition": False}))

    assert run.states == [("if", "RUNNING"), ("a", "CREATED")]


SUBFLOW = f"""
tasks:
  - {{id: call, type: Subflow, namespace: a.b, flowId: child, retry: {RETRIED}}}
"""


def test_a_request_for_a_subflow_that_is_answered_twice_creates_one_child():
    run = held(SUBFLOW)
    (answer,) = [event for event in run.past if isinstance(event, Rendered)]
    run.feed(answer)
    run.accept_child("call")

    run.feed(answer)
    if run.requests:
        run.accept_child("call")

    assert len(run.children) == 1


def test_the_end_of_a_child_that_comes_twice_is_one_attempt():
    run = held(SUBFLOW)
    child = run.accept_child("call")
    event = ChildEnded(run.run_of("call").id, child.id, State.FAILED)
    run.feed(event)

    run.feed(event)

    assert len(run.run_of("call").attempts) == 1
    assert len(run.timers) == 1


def test_a_refusal_that_comes_twice_is_one_attempt():
    run = held(SUBFLOW)
    event = SubflowRefused(run.run_of("call").id, "not now")
    run.feed(event)

    run.feed(event)

    assert len(run.run_of("call").attempts) == 1
    assert len(run.timers) == 1


@pytest.mark.parametrize("kind", [TaskEnded, TaskStarted])
def test_what_names_a_task_run_that_is_not_there_is_dropped(kind):
    run = held("tasks: [{id: a, type: Work}]")
    if kind is TaskEnded:
        event = TaskEnded("nowhere", "token", State.FAILED, run.now, run.now)
    else:
        event = TaskStarted("nowhere", "token", "w", run.now)

    assert run.repeat(event) == []
