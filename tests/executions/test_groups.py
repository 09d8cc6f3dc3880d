"""The tasks of one value: which may start."""

import pytest

from executions.executor.groups import Group, enabled
from plugins.contracts.plan import Order
from tests.support.work import Work


def work(name, **options):
    return Work(id=name, type=Work.type_name, **options)


def group(order, names="abc", depends_on=None, limit=0):
    return Group([work(name) for name in names], order, depends_on or {}, limit)


def take_all(found):
    taken = ""
    while found.has_startable:
        taken += found.take().id
    return taken


def test_a_sequence_gives_one_after_another():
    found = group(Order.SEQUENTIAL)

    assert take_all(found) == "a"
    found.note_ended("a")
    assert take_all(found) == "b"


def test_a_sequence_ignores_a_larger_limit():
    assert take_all(group(Order.SEQUENTIAL, limit=5)) == "a"


@pytest.mark.parametrize(("limit", "taken"), [(0, "abc"), (1, "a"), (2, "ab"), (9, "abc")])
def test_a_limit_bounds_what_is_open(limit, taken):
    found = group(Order.PARALLEL, limit=limit)

    assert take_all(found) == taken
    found.note_ended("a")
    assert take_all(found) == "abc"[len(taken) : len(taken) + 1]


def test_a_graph_gives_what_waits_for_nothing():
    found = group(Order.GRAPH, depends_on={"a": ("b", "c"), "b": ("c",)})

    assert take_all(found) == "c"
    found.note_ended("c")
    assert take_all(found) == "b"
    assert not found.is_over
    found.note_ended("b")
    assert take_all(found) == "a"
    found.note_ended("a")
    assert found.is_over


def test_a_graph_does_not_wait_for_what_is_not_in_it():
    assert take_all(group(Order.GRAPH, depends_on={"a": ("disabled",)})) == "abc"


def test_a_dependency_that_is_named_twice_counts_once():
    found = group(Order.GRAPH, "ab", depends_on={"b": ("a", "a")})
    take_all(found)

    found.note_ended("a")

    assert take_all(found) == "b"


def test_it_is_over_when_all_have_ended():
    found = group(Order.PARALLEL, "ab")
    take_all(found)
    found.note_ended("a")

    assert not found.is_over
    found.note_ended("b")
    assert found.is_over


@pytest.mark.parametrize("order", list(Order))
def test_known_children_are_not_given_again(order):
    found = group(order, depends_on={"c": ("a",)})

    found.take_known(work("a"))
    found.note_ended("a")
    found.take_known(work("c"))

    assert take_all(found) == ("" if order is Order.SEQUENTIAL else "b")
    assert found.open == (1 if order is Order.SEQUENTIAL else 2)


def test_disabled_tasks_are_left_out():
    tasks = [work("a"), work("b", disabled=True), work("c")]

    assert [task.id for task in enabled(tasks)] == ["a", "c"]
