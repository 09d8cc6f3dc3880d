"""What every store gives of the task runs around those that a worker claims."""

import pytest

from executions.executor.model import Outputs
from executions.store.contract import Claimed
from tests.support.stores import a_head, a_run, request_for, write_new


def names(found, run):
    return sorted((item.task_id, item.value) for item in found[run.id])


@pytest.fixture
def tree(store, shards):
    """before, each(1: one, two; 2: one), after: outputs everywhere but in what is to be claimed."""
    head = a_head()
    outputs = Outputs({"x": 1}, None, 7)
    before = a_run(seq=0, task_id="before", outputs=outputs, token=None)
    each = a_run(seq=1, task_id="each", token=None)
    inside = {"parent_id": each.id}
    one = a_run(seq=2, task_id="one", value="1", outputs=outputs, token=None, **inside)
    other = a_run(seq=3, task_id="one", value="2", outputs=outputs, token=None, **inside)
    two = a_run(seq=4, task_id="two", value="1", **inside)
    write_new(store, shards, head, before, each, one, other, two)
    return head, (before, each, one, other, two)


def test_the_line_above_and_what_stands_beside_it(store, tree):
    head, (*_, two) = tree
    found = store.rows_around([Claimed(head, two)], None)
    assert names(found, two) == [("before", None), ("each", None), ("one", "1"), ("two", "1")]


def test_only_the_tasks_that_are_asked_for_and_the_line(store, tree):
    head, (*_, two) = tree
    assert names(store.rows_around([Claimed(head, two)], {"one"}), two) == [
        ("each", None),
        ("one", "1"),
    ]


def test_their_outputs_come_along(store, tree):
    head, (before, *_, two) = tree
    found = store.rows_around([Claimed(head, two)], {"before"})[two.id]
    (read,) = [run for run in found if run.id == before.id]
    assert (read.outputs, read.state, read.seq) == (before.outputs, before.state, before.seq)


def test_a_task_at_the_top_reads_only_the_top(store, tree):
    head, (before, *_) = tree
    found = store.rows_around([Claimed(head, before)], None)
    assert names(found, before) == [("before", None), ("each", None)]


def test_other_executions_are_not_read(store, shards, tree):
    head, (*_, two) = tree
    second, run = a_head(), a_run(task_id="before")
    write_new(store, shards, second, run)
    found = store.rows_around([Claimed(head, two), Claimed(second, run)], {"before"})
    assert names(found, run) == [("before", None)]
    assert names(found, two) == [("before", None), ("each", None)]


def test_nothing_is_around_nothing(store, shards):
    assert store.rows_around([], None) == {}


def test_a_claim_brings_what_is_around_it(store, tree):
    head, (*_, two) = tree
    claimed, around = store.claim_with_rows([request_for(head, two)], "worker-1", {"one"})
    assert [item.task_run for item in claimed] == [two]
    assert names(around, two) == [("each", None), ("one", "1")]


def test_what_was_not_claimed_brings_nothing(store, tree):
    head, (*_, two) = tree
    store.claim([request_for(head, two)], "worker-1")
    assert store.claim_with_rows([request_for(head, two)], "worker-2", {"one"}) == ([], {})
    assert store.claim_with_rows([], "worker-2", {"one"}) == ([], {})
