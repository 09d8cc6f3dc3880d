"""What a bundle's expressions read: with the claim where it is known, or when they ask for it."""

from dataclasses import replace

import pytest

from executions.dispatch.contract import WorkItem
from executions.store.contract import Claimed
from executions.worker.near import Near
from executions.worker.service import _reads
from tests.support.stores import NOW, a_head, a_run


class Asked:
    """A store that writes down for which tasks it was asked."""

    def __init__(self, rows):
        self.rows = rows
        self.questions = []

    def rows_around(self, claimed, task_ids):
        self.questions.append(task_ids)
        return {item.task_run.id: self.rows for item in claimed}


@pytest.fixture
def claimed():
    return Claimed(a_head(), a_run())


def test_what_came_with_the_claim_is_not_asked_for(claimed):
    row = a_run(seq=1, task_id="before")
    store = Asked([])
    near = Near(store, [claimed], lambda item: None, {claimed.task_run.id: [row]})

    assert set(near.rows_of(claimed).runs) == {claimed.task_run.id, row.id}
    assert store.questions == []


def test_else_the_bundle_asks_once(claimed):
    row = a_run(seq=1, task_id="before")
    store = Asked([row])
    near = Near(store, [claimed, claimed], lambda item: frozenset({"before"}))

    for _ in range(2):
        assert set(near.rows_of(claimed).runs) == {claimed.task_run.id, row.id}
    assert store.questions == [{"before"}]


@pytest.mark.parametrize(
    ("reads", "wanted"),
    [
        ([("a",), ("b", "a")], {"a", "b"}),
        ([("a",), ()], {"a"}),
        ([("a",), None], set()),
        ([()], set()),
    ],
)
def test_a_bundle_reads_what_its_items_read_if_that_is_known_of_all(reads, wanted):
    one = WorkItem("main", "a", "execution", "run", "token", NOW)
    assert _reads([replace(one, reads=names) for names in reads]) == wanted
