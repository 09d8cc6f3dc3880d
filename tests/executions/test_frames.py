"""How far the children of one parent have come, and that a rebuilt frame stands where it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executions.executor.compiled import Phase
from executions.executor.frames import STARTS_IN_A_STEP, Frame, Start
from plugins.contracts.plan import Order, Plan
from plugins.contracts.state import State
from tests.support.work import Work


def works(names):
    return tuple(Work(id=name, type=Work.type_name) for name in names)


def frame(names="ab", errors="", finally_="", **options):
    plan = Plan(works(names), **options)
    return Frame(plan, errors=works(errors), finally_=works(finally_))


def start(found):
    return [
        item.task.id if item.value is None else f"{item.task.id}{item.value}"
        for item in found.startable()
    ]


def end(found, task_id, state=State.SUCCESS, iteration=None):
    found.note_ended(task_id, iteration, state, _phase(task_id))
    found.move_on()


def _phase(task_id):
    return {"e": Phase.ERRORS, "f": Phase.FINALLY}.get(task_id[0], Phase.MAIN)


def test_it_is_done_when_its_children_are():
    found = frame()

    assert start(found) == ["a"]
    end(found, "a")
    assert start(found) == ["b"]
    end(found, "b")
    assert found.is_done
    assert found.worst is State.SUCCESS


def test_without_children_it_is_done_at_once():
    found = frame("")
    found.move_on()

    assert found.is_done


def test_what_is_taken_counts_as_open():
    found = frame(order=Order.PARALLEL)
    start(found)

    assert found.open == 2
    assert start(found) == []


@pytest.mark.parametrize(
    ("states", "worst"),
    [
        ([State.SUCCESS, State.SKIPPED], State.SUCCESS),
        ([State.WARNING, State.SUCCESS], State.WARNING),
        ([State.FAILED, State.WARNING], State.FAILED),
        ([State.FAILED, State.KILLED], State.KILLED),
        ([State.CANCELLED, State.FAILED], State.CANCELLED),
    ],
)
def test_the_worst_state_counts(states, worst):
    found = frame(order=Order.PARALLEL)
    start(found)

    for name, state in zip("ab", states, strict=True):
        end(found, name, state)

    assert found.worst is worst


def test_errors_then_finally_follow_a_failure():
    found = frame("ab", errors=["e1", "e2"], finally_=["f1"])
    start(found)
    end(found, "a", State.FAILED)

    assert found.phase is Phase.ERRORS
    assert start(found) == ["e1"]
    end(found, "e1")
    assert start(found) == ["e2"]
    end(found, "e2")
    assert start(found) == ["f1"]
    end(found, "f1")
    assert found.is_done
    assert found.worst is State.FAILED


def test_a_failure_in_errors_skips_the_rest_of_them():
    found = frame("a", errors=["e1", "e2"], finally_=["f1"])
    start(found)
    end(found, "a", State.FAILED)
    start(found)
    end(found, "e1", State.FAILED)

    assert start(found) == ["f1"]


def test_a_late_failure_of_a_sibling_starts_no_second_errors():
    found = frame("ab", errors=["e1"], order=Order.PARALLEL)
    start(found)
    end(found, "a", State.FAILED)
    assert start(found) == ["e1"]

    end(found, "b", State.FAILED)

    assert start(found) == []
    assert found.phase is Phase.ERRORS
    end(found, "e1")
    assert found.is_done


def test_one_step_starts_no_more_than_its_share():
    values = tuple(map(str, range(STARTS_IN_A_STEP * 2 + 1)))
    found = frame("a", values=values)

    assert len(start(found)) == STARTS_IN_A_STEP
    assert found.has_more()
    assert len(start(found)) == STARTS_IN_A_STEP
    assert len(start(found)) == 1
    assert not found.has_more()


def test_a_closed_frame_starts_nothing():
    found = frame(errors=["e1"], finally_=["f1"])
    found.close()

    assert start(found) == []
    assert found.is_done


def test_a_limit_counts_values():
    found = frame("ab", values=("1", "2", "3"), limit=2)

    assert start(found) == ["a1", "a2"]
    end(found, "a", iteration=1)
    assert start(found) == ["b2"]
    end(found, "b", iteration=1)
    assert start(found) == ["a3"]


# ---- rebuilding ---------------------------------------------------------------------------------
plans = st.builds(
    lambda names, order, values, limit: Plan(
        works(names),
        order=order,
        values=values,
        limit=limit,
        depends_on={name: tuple(names[:n]) for n, name in enumerate(names)},
    ),
    names=st.sampled_from(["", "a", "ab", "abc"]),
    order=st.sampled_from(list(Order)),
    values=st.one_of(st.none(), st.sampled_from([(), ("x",), ("x", "y", "z")])),
    limit=st.integers(0, 2),
)
sides = st.sampled_from(["", "1", "12"])
results = st.sampled_from([State.SUCCESS, State.SUCCESS, State.WARNING, State.FAILED])


def _side(letter, numbers):
    return works([letter + number for number in numbers])


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(plan=plans, errors=sides, finally_=sides, data=st.data())
def test_a_rebuilt_frame_goes_on_where_the_first_stood(plan, errors, finally_, data):
    def fresh():
        return Frame(plan, errors=_side("e", errors), finally_=_side("f", finally_))

    first = fresh()
    first.move_on()
    known: list[tuple[Start, Phase]] = []
    ended: dict[int, State] = {}
    for _ in range(data.draw(st.integers(0, 12), label="ends")):
        known += [(item, _phase(item.task.id)) for item in first.startable()]
        still_open = [n for n in range(len(known)) if n not in ended]
        if not still_open:
            break
        number = data.draw(st.sampled_from(still_open), label="which")
        state = data.draw(results, label="how")
        ended[number] = state
        item, phase = known[number]
        first.note_ended(item.task.id, item.iteration, state, phase)
        first.move_on()
    known += [(item, _phase(item.task.id)) for item in first.startable()]

    second = fresh()
    for number, (item, phase) in enumerate(known):
        second.restore(item, ended.get(number, State.RUNNING), phase)
    second.restored()
    second.move_on()

    assert list(second.startable()) == []
    assert (second.phase, second.worst, second.open) == (first.phase, first.worst, first.open)
    assert second.has_more() == first.has_more()
