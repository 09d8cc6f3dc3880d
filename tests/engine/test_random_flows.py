"""Random flows with random results: what must hold for each of them."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from executions.executor.events import Continue, Loaded
from plugins.contracts.state import TERMINAL, State
from tests.support.engine import MemoryRun
from tests.support.promises import Promises
from tests.support.trees import flows, outcomes

some = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def started(source, result_of, **options):
    return MemoryRun(source, result_of=result_of, **options).start()


@some
@given(source=flows(), result_of=outcomes())
def test_every_execution_ends_as_its_task_runs_say(source, result_of):
    Promises(started(source, result_of)).check()


@some
@given(source=flows(), result_of=outcomes(), data=st.data())
def test_an_owner_may_be_lost_at_any_point(source, result_of, data):
    calm = started(source, result_of)
    points = data.draw(st.sets(st.integers(0, calm.steps), max_size=4), label="restarts")

    troubled = started(source, result_of, restarts=points)

    assert troubled.ends() == calm.ends()
    assert troubled.state is calm.state
    Promises(troubled).check()


@some
@given(source=flows(), result_of=outcomes(), data=st.data())
def test_a_kill_at_any_point_ends_everything(source, result_of, data):
    steps = started(source, result_of).steps
    point = data.draw(st.integers(0, max(0, steps - 1)), label="kill")
    points = data.draw(st.sets(st.integers(0, steps), max_size=2), label="restarts")

    run = started(source, result_of, kill_at=point, restarts=points)

    # unless a new owner brought it to its end with fewer events
    assert run.state is State.KILLED or "KILLING" not in run.history
    assert {item.state for item in run.rows.values()} <= TERMINAL
    Promises(run).check()


@some
@given(source=flows(), result_of=outcomes())
def test_late_messages_change_nothing_after_the_end(source, result_of):
    run = started(source, result_of)

    for event in list(run.past):
        assert run.repeat(event) == []


class Repeating(MemoryRun):
    """After each event an earlier one comes once more."""

    picks: list[int]

    def _advance(self, event):
        super()._advance(event)
        if isinstance(event, Loaded | Continue) or not self.past or not self.picks:
            return
        again = self.past[self.picks[self.steps % len(self.picks)] % len(self.past)]
        if isinstance(again, Continue):
            return
        before = dict(self.rows), self.head_row, len(self.children)
        super()._advance(again)
        assert before == (self.rows, self.head_row, len(self.children)), again


@some
@given(source=flows(), result_of=outcomes(), picks=st.lists(st.integers(0, 200), max_size=20))
def test_messages_may_come_again_at_any_time(source, result_of, picks):
    run = Repeating(source, result_of=result_of)
    run.picks = picks

    run.start()

    assert run.ends() == started(source, result_of).ends()
