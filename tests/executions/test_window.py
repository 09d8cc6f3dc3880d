"""What waits for workers, and how much of it goes out."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from executions.dispatch.contract import WorkItem
from executions.executor.window import (
    BUNDLE_LIMIT,
    SLOTS_A_LIGHT_MESSAGE,
    SLOTS_WITHOUT_WORKERS,
    Window,
)

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def item(token, *, tenant="main", namespace="a", group="", light=False):
    return WorkItem(tenant, namespace, f"execution-{token}", "run", token, DAY, group, light)


def window(slots=None, **options):
    found = Window(**options)
    found.set_slots(slots if slots is not None else {"": 2})
    return found


def offer(found, *tokens, **options):
    for token in tokens:
        found.offer(item(token, **options))


def tokens_of(bundles):
    return [entry.token for bundle in bundles for entry in bundle.items]


def test_what_is_offered_goes_out_in_its_order():
    found = window()
    offer(found, "1", "2", "3")

    assert tokens_of(found.take(0)) == ["1", "2", "3"]
    assert found.take(0) == []


def test_no_more_goes_out_than_the_factor_times_the_slots():
    found = window({"": 2}, factor=4)
    offer(found, *map(str, range(20)))

    assert len(found.take(0)) == 8
    assert found.take(0) == []
    assert found.waiting == 12


def test_an_end_makes_room_for_one():
    found = window({"": 1}, factor=2)
    offer(found, *"abcd")
    found.take(0)

    found.done("a")

    assert tokens_of(found.take(0)) == ["c"]


def test_an_end_that_is_told_twice_makes_room_once():
    found = window({"": 1}, factor=2)
    offer(found, *"abcdef")
    found.take(0)

    found.done("a")
    found.done("a")
    found.done("unknown")

    assert tokens_of(found.take(0)) == ["c"]


def test_without_a_worker_something_goes_out_all_the_same():
    found = window({}, factor=4)
    offer(found, *map(str, range(100)))

    assert len(found.take(0)) == 4 * SLOTS_WITHOUT_WORKERS


def test_workers_that_have_gone_count_no_more():
    found = window({"": 100}, factor=1)
    found.set_slots({})
    offer(found, *map(str, range(50)))

    assert len(found.take(0)) == SLOTS_WITHOUT_WORKERS


def test_each_executor_has_its_share():
    found = window({"": 8}, factor=4)
    found.share = 0.25
    offer(found, *map(str, range(40)))

    assert len(found.take(0)) == 8


def test_the_smallest_share_is_one():
    found = window({"": 1}, factor=1)
    found.share = 0.1
    offer(found, "a", "b")

    assert tokens_of(found.take(0)) == ["a"]


def test_worker_groups_have_windows_of_their_own():
    found = window({"": 1, "gpu": 2}, factor=1)
    offer(found, "a", "b")
    offer(found, "x", "y", "z", group="gpu")

    assert {bundle.group: len(bundle.items) for bundle in found.take(0)} == {"": 1, "gpu": 1}
    assert found.waiting == 2


def test_tenants_take_turns_then_namespaces():
    found = window({"": 100})
    offer(found, "a1", "a2", "a3", "a4", tenant="a", namespace="x")
    offer(found, "a5", "a6", tenant="a", namespace="y")
    offer(found, "b1", "b2", tenant="b")

    assert tokens_of(found.take(0)) == ["a1", "b1", "a5", "b2", "a2", "a6", "a3", "a4"]


def test_a_busy_tenant_does_not_delay_another():
    found = window({"": 1}, factor=1)
    offer(found, *(f"a{n}" for n in range(1000)), tenant="a")
    found.take(0)
    offer(found, "b1", tenant="b")

    found.done("a0")
    first = tokens_of(found.take(0))
    found.done(first[0])

    assert "b1" in [*first, *tokens_of(found.take(0))]


def test_light_items_travel_together_the_others_alone():
    found = window({"": 1}, factor=4)
    offer(found, *(f"l{n}" for n in range(10)), light=True)
    offer(found, "h1", "h2")

    sizes = [(bundle.items[0].is_light, len(bundle.items)) for bundle in found.take(0)]

    assert Counter(size for is_light, size in sizes if not is_light) == {1: 2}
    assert sum(size for is_light, size in sizes if is_light) == 10


def test_light_items_spread_over_the_messages_that_may_go_out():
    found = window({"": 4 * SLOTS_A_LIGHT_MESSAGE})
    offer(found, *(f"l{n}" for n in range(10)), light=True)

    assert [len(bundle.items) for bundle in found.take(0)] == [3, 3, 2, 2]


def test_light_items_gather_while_a_message_is_out():
    found = window({"": SLOTS_A_LIGHT_MESSAGE})
    offer(found, "a", light=True)
    found.take(0)
    for token in "bcd":
        offer(found, token, light=True)
        assert found.take(0) == []

    found.done("a")

    assert [len(bundle.items) for bundle in found.take(0)] == [3]


def test_the_two_kinds_do_not_take_each_others_places():
    found = window({"": 2}, factor=1)
    offer(found, *(f"h{n}" for n in range(10)))
    found.take(0)

    offer(found, "l", light=True)

    assert tokens_of(found.take(0)) == ["l"]


def test_no_bundle_is_larger_than_the_limit():
    found = window({"": 40})
    offer(found, *(f"l{n}" for n in range(1000)), light=True)

    bundles = found.take(0)

    assert max(len(bundle.items) for bundle in bundles) == BUNDLE_LIMIT
    assert len(tokens_of(bundles)) == 1000


def test_a_bundle_holds_its_place_until_its_last_member_ends():
    found = window({"": 1}, factor=1)
    offer(found, "a", "b", "c", light=True)
    assert tokens_of(found.take(0)) == ["a", "b", "c"]
    offer(found, "d", light=True)

    found.done("a")
    found.done("b")
    assert found.take(0) == []
    found.done("c")

    assert tokens_of(found.take(0)) == ["d"]


def test_neither_kind_starves_the_other():
    found = window({"": 1}, factor=2)
    offer(found, *(f"h{n}" for n in range(10)))
    offer(found, *(f"l{n}" for n in range(10)), light=True)

    kinds = {bundle.items[0].is_light for bundle in found.take(0)}

    assert kinds == {True, False}


def test_what_was_sent_long_ago_is_overdue():
    found = window()
    offer(found, "old")
    found.take(10)
    offer(found, "new")
    found.take(50)

    assert [entry.token for entry in found.overdue(60, 30)] == ["old"]


def test_what_was_claimed_is_not_overdue():
    found = window()
    offer(found, "a")
    found.take(10)

    found.touch("a", 50)
    found.touch("unknown", 50)

    assert found.overdue(60, 30) == []
    assert [entry.token for entry in found.sent_items()] == ["a"]


def test_what_is_gone_is_dropped_and_the_rest_keeps_its_order():
    found = window()
    offer(found, *"abcd")
    offer(found, "l", light=True)

    found.drop_waiting(lambda entry: entry.token in "bl")

    assert found.waiting == 3
    assert tokens_of(found.take(0)) == ["a", "c", "d"]


def test_what_is_forgotten_makes_room():
    found = window({"": 1}, factor=2)
    offer(found, *"abcd")
    found.take(0)

    found.forget(["a", "b"])

    assert found.sent_items() == []
    assert tokens_of(found.take(0)) == ["c", "d"]


@pytest.mark.parametrize("light", [False, True])
def test_what_is_offered_again_while_it_is_out_takes_one_place(light):
    """An execution that is read again asks for its open attempts again."""
    found = window({"": 4})
    offer(found, *map(str, range(200)), light=light)
    room = len(found.take(0))
    found = window({"": 4})
    offer(found, "a", light=light)
    found.take(0)
    offer(found, "a", light=light)
    found.take(1)

    found.done("a")

    offer(found, *map(str, range(200)), light=light)
    assert len(found.take(2)) == room
