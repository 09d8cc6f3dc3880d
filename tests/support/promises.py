"""What must hold for every execution that has ended, whatever its flow: checked from outside, by
the moments at which task runs were created and ended."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from executions.executor.compiled import Phase
from executions.executor.model import TaskRun
from plugins.contracts.plan import Order, Plan
from plugins.contracts.state import TERMINAL, State
from plugins.contracts.task import ExecutableTask, FlowableTask, Task
from tests.support.engine import MemoryRun


class Promises:
    def __init__(self, run: MemoryRun) -> None:
        self.run = run
        self.children: dict[str | None, list[TaskRun]] = defaultdict(list)
        for item in sorted(run.rows.values(), key=lambda row: row.seq):
            self.children[item.parent_id].append(item)

    def check(self) -> None:
        run = self.run
        assert run.state.is_terminal
        assert run.is_forgotten
        assert run.rows == run.live.task_runs
        assert run.live.open_runs == set()
        assert len(run.tokens) == len(set(run.tokens)) or run.restarts
        for item in run.rows.values():
            self._check_alone(item)
        if run.state is State.KILLED:
            return
        state = self._check_branch(None, Plan(run.flow.tasks), run.flow.errors, run.flow.finally_)
        assert run.state is state
        for item in run.rows.values():
            task = run.flow.places[item.task_id].task
            if isinstance(task, FlowableTask) and _was_laid_out(task, item):
                self._check_flowable(item, task)

    def _check_alone(self, item: TaskRun) -> None:
        task = self.run.flow.places[item.task_id].task
        assert item.state in TERMINAL
        assert not task.disabled
        assert item.history[-1][0] is item.state
        assert [at for _, at in item.history] == sorted(at for _, at in item.history)
        assert [attempt.number for attempt in item.attempts] == list(range(len(item.attempts)))
        assert item.token is None
        if isinstance(task, FlowableTask) or item.state is State.SKIPPED:
            assert item.attempts == ()
        allowed = self.run.flow.places[item.task_id].retry
        counted = [attempt for attempt in item.attempts if not attempt.is_lost]
        most = 1 if allowed is None else allowed.attempts_allowed
        assert most is None or len(counted) <= most
        is_soft = task.allow_failure and task.allow_warning
        if isinstance(task, ExecutableTask) and item.state is State.SUCCESS and not is_soft:
            assert item.child_execution_id is not None

    def _check_flowable(self, item: TaskRun, task: FlowableTask) -> None:
        plan = task.plan(dict(item.plan or {}))
        base = self._check_branch(item, plan, task.errors or (), task.finally_ or ())
        state = task.outcome(base)
        if state is State.FAILED and task.allow_failure:
            state = State.WARNING
        if state is State.WARNING and task.allow_warning:
            state = State.SUCCESS
        assert item.state is state, f"{item.task_id} is {item.state}, its children say {state}"

    def _check_branch(
        self, parent: TaskRun | None, plan: Plan, errors: Sequence[Task], finally_: Sequence[Task]
    ) -> State:
        """Checks the children of one parent; gives the state that they lead to."""
        found = self.children[parent.id if parent else None]
        main = [item for item in found if self._phase(item) is Phase.MAIN]
        failures = [item for item in main if item.state.is_failure]
        self._check_order(main, plan)
        first = min((self.run.died[item.id] for item in failures), default=None)
        if first is None:
            self._check_all_there(main, plan)
            assert self._in_phase(found, Phase.ERRORS) == []
        else:
            assert all(self.run.born[item.id] < first for item in main)
            self._check_side(self._in_phase(found, Phase.ERRORS), errors)
        closing = self._in_phase(found, Phase.FINALLY)
        self._check_side(closing, finally_)
        self._check_end(parent, found, main, is_failed=bool(failures))
        if failures or any(item.state.is_failure for item in closing):
            return State.FAILED
        warned = any(item.state is State.WARNING for item in main)
        return State.WARNING if warned else State.SUCCESS

    def _check_end(
        self, parent: TaskRun | None, found: list[TaskRun], main: list[TaskRun], *, is_failed: bool
    ) -> None:
        """A parent ends after its children; after a failure it does not wait for siblings."""
        if parent is None:
            return
        waited = [item for item in found if item not in main] if is_failed else found
        assert all(self.run.died[item.id] < self.run.died[parent.id] for item in waited)
        assert all(self.run.born[item.id] > self.run.born[parent.id] for item in found)

    def _check_all_there(self, main: list[TaskRun], plan: Plan) -> None:
        wanted = [task.id for task in plan.tasks if not task.disabled]
        times = 1 if plan.values is None else len(plan.values)
        assert sorted(item.task_id for item in main) == sorted(wanted * times)
        if plan.values is not None and wanted:
            assert {item.value for item in main} == set(plan.values)

    def _check_side(self, found: list[TaskRun], tasks: Sequence[Task]) -> None:
        """One after another, up to the first failure."""
        wanted = [task.id for task in tasks if not task.disabled]
        ids = [item.task_id for item in found]
        assert ids == wanted[: len(ids)]
        self._check_one_after_another(found)
        stopped = bool(found) and found[-1].state.is_failure
        assert stopped or ids == wanted
        assert not any(item.state.is_failure for item in found[:-1])

    def _check_order(self, main: list[TaskRun], plan: Plan) -> None:
        groups: dict[int, list[TaskRun]] = defaultdict(list)
        for item in main:
            groups[item.iteration or 0].append(item)
        for members in groups.values():
            if plan.order is Order.SEQUENTIAL:
                self._check_one_after_another(members)
            if plan.order is Order.GRAPH:
                self._check_graph(members, plan)
        if plan.limit > 0:
            spans = [[item] for item in main] if plan.values is None else list(groups.values())
            self._check_limit(spans, plan.limit)

    def _check_graph(self, members: list[TaskRun], plan: Plan) -> None:
        by_task = {item.task_id: item for item in members}
        for item in members:
            for name in plan.depends_on.get(item.task_id, ()):
                if name in by_task:
                    assert self.run.died[by_task[name].id] < self.run.born[item.id]

    def _check_limit(self, spans: list[list[TaskRun]], limit: int) -> None:
        """No more than `limit` members (or values) at any moment."""
        moments = [(min(self.run.born[item.id] for item in span), 1) for span in spans] + [
            (max(self.run.died[item.id] for item in span), -1) for span in spans
        ]
        now_open = 0
        for _, change in sorted(moments):
            now_open += change
            assert now_open <= limit

    def _check_one_after_another(self, items: list[TaskRun]) -> None:
        for before, after in pairwise(items):
            assert self.run.died[before.id] < self.run.born[after.id]

    def _in_phase(self, items: list[TaskRun], phase: Phase) -> list[TaskRun]:
        return [item for item in items if self._phase(item) is phase]

    def _phase(self, item: TaskRun) -> Phase:
        """Of a child in its parent: tasks of the flow's own `errors` are children of the flow."""
        return self.run.flow.places[item.task_id].phase


def _was_laid_out(task: FlowableTask, item: TaskRun) -> bool:
    begun = any(state is State.RUNNING for state, _ in item.history)
    return begun and (item.plan is not None or not task.templates())
