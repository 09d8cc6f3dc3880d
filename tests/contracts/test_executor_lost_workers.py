"""The executor's service when a worker is gone: what it held starts again, or fails, as the
configuration says."""

from typing import Any

import pytest

from executions.executor.housekeeping import ExecutorTimes
from tests.support.executors import create, lone_executor
from tests.support.stores import request_for


@pytest.mark.parametrize(("restarts_lost", "state"), [(True, "CREATED"), (False, "FAILED")])
def test_what_a_lost_worker_held(sqlite_store: Any, restarts_lost: bool, state: str) -> None:
    store = sqlite_store
    every_turn_looks = ExecutorTimes(restarts_lost=restarts_lost, renew=0.0, sweep=0.0)
    executor = lone_executor(store, "tasks: [{id: a, type: Work}]", times=every_turn_looks)
    head = create(executor, store)
    ((run,),) = [item.task_runs for item in store.load_executions([head.id])]
    store.beat("worker", group="", slots=1, lease_seconds=60)
    assert store.claim([request_for(head, run)], "worker")

    store.retire_worker("worker")
    for _ in range(3):
        executor.turn(block=False)

    ((run,),) = [item.task_runs for item in store.load_executions([head.id])]
    assert run.state == state
    assert [(item.state, item.is_lost) for item in run.attempts] == [("FAILED", True)]
