"""A frame: how far the children of one flowable task run (or of the flow itself) have come. Pure
bookkeeping, O(1) a child, rebuilt from the task runs after a restart."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from executions.executor.compiled import Phase
from executions.executor.groups import Group, enabled
from plugins.contracts.plan import Plan
from plugins.contracts.state import PRECEDENCE, State
from plugins.contracts.task import Task

# Children that one step may create; the rest follow in the next turn, so a wide loop stops nobody.
STARTS_IN_A_STEP = 500

_RANK = {state: rank for rank, state in enumerate(PRECEDENCE)}
_BEST = _RANK[State.SUCCESS]


@dataclass(frozen=True, slots=True)
class Start:
    """A child to create."""

    task: Task
    iteration: int | None = None
    value: str | None = None


class Frame:
    """Runs a plan, then the `errors` branch if a child failed, then the `finally` branch."""

    def __init__(
        self, plan: Plan, *, errors: tuple[Task, ...] = (), finally_: tuple[Task, ...] = ()
    ) -> None:
        self.plan = plan
        self.phase = Phase.MAIN
        self.worst = State.SUCCESS
        self.open = 0
        self._tasks = enabled(plan.tasks)
        self._sides = {Phase.ERRORS: enabled(errors), Phase.FINALLY: enabled(finally_)}
        self._group_count = 1 if plan.values is None else len(plan.values)
        if not self._tasks:
            self._group_count = 0
        self._groups: dict[int, Group] = {}
        self._next_group = 0
        self._with_room: deque[int] = deque()
        self._main_open = 0
        self._side_index = 0

    @property
    def has_failed(self) -> bool:
        return self.worst.is_failure

    @property
    def is_done(self) -> bool:
        return self.phase is Phase.DONE

    def startable(self, limit: int = STARTS_IN_A_STEP) -> Iterator[Start]:
        """Children that may start now, of the plan at most `limit`; each is counted as started
        when it is taken."""
        if self.phase is Phase.MAIN:
            if not self.has_failed:
                yield from self._start_main(limit)
        elif self.phase is not Phase.DONE:
            yield from self._start_side()

    def has_more(self) -> bool:
        """Whether children could start now that `startable` has not given yet."""
        if self.phase is not Phase.MAIN or self.has_failed:
            return False
        return bool(self._with_room) or self._may_open_group()

    def note_ended(self, task_id: str, iteration: int | None, state: State, phase: Phase) -> None:
        """A child has ended."""
        self.open -= 1
        if phase is Phase.MAIN:
            self._main_open -= 1
            self._judge(state)
            self._close_in_group(iteration or 0, task_id)
        elif state.is_failure:
            self._side_index = len(self._sides[phase])
            if phase is Phase.FINALLY:
                self._judge(state)

    def move_on(self) -> bool:
        """Goes to the next phase if this one is over. True when it has changed."""
        if self.phase is Phase.MAIN:
            if self.has_failed:
                return self._enter(Phase.ERRORS)
            if self._main_is_over():
                return self._enter(Phase.FINALLY)
            return False
        if self.phase is Phase.DONE or not self._side_is_over():
            return False
        return self._enter(Phase.FINALLY if self.phase is Phase.ERRORS else Phase.DONE)

    def close(self) -> None:
        """Nothing starts any more (a kill)."""
        self.phase = Phase.DONE

    def restore(self, start: Start, state: State, phase: Phase) -> None:
        """A child that exists already, in the order of creation (after a restart)."""
        if phase is Phase.MAIN:
            number = start.iteration or 0
            self._next_group = max(self._next_group, number + 1)
            self._group(number).take_known(start.task)
            self._main_open += 1
        else:
            if self.phase is not phase:
                self.phase = phase
                self._side_index = 0
            self._side_index += 1
        self.open += 1
        if state.is_terminal:
            self.note_ended(start.task.id, start.iteration, state, phase)

    def restored(self) -> None:
        """Ends the restoring: groups with room are found again."""
        self._with_room = deque(n for n, group in self._groups.items() if group.has_startable)

    # ---- main -----------------------------------------------------------------------------------
    def _start_main(self, limit: int) -> Iterator[Start]:
        given = 0
        while self._with_room or self._may_open_group():
            if not self._with_room:
                self._group(self._next_group)
                self._with_room.append(self._next_group)
                self._next_group += 1
            number = self._with_room[0]
            group = self._groups.get(number)
            if group is None or not group.has_startable:
                self._with_room.popleft()
                continue
            if given >= limit:
                return
            given += 1
            yield self._take(number, group)

    def _take(self, number: int, group: Group) -> Start:
        self.open += 1
        self._main_open += 1
        values = self.plan.values
        if values is None:
            return Start(group.take())
        return Start(group.take(), iteration=number, value=values[number])

    def _group(self, number: int) -> Group:
        group = self._groups.get(number)
        if group is None:
            limit = self.plan.limit if self.plan.values is None else 0
            group = Group(self._tasks, self.plan.order, self.plan.depends_on, limit)
            self._groups[number] = group
        return group

    def _may_open_group(self) -> bool:
        if self._next_group >= self._group_count:
            return False
        limit = self.plan.limit if self.plan.values is not None else 0
        return limit <= 0 or len(self._groups) < limit

    def _close_in_group(self, number: int, task_id: str) -> None:
        group = self._groups[number]
        group.note_ended(task_id)
        if group.is_over:
            del self._groups[number]
        elif group.has_startable:
            self._with_room.append(number)

    def _judge(self, state: State) -> None:
        if _RANK.get(state, _BEST) < _RANK[self.worst]:
            self.worst = state

    def _main_is_over(self) -> bool:
        return not self._groups and self._next_group >= self._group_count

    # ---- errors and finally: one after another --------------------------------------------------
    def _start_side(self) -> Iterator[Start]:
        tasks = self._sides[self.phase]
        if self.open == self._main_open and self._side_index < len(tasks):
            self._side_index += 1
            self.open += 1
            yield Start(tasks[self._side_index - 1])

    def _side_is_over(self) -> bool:
        side_open = self.open - self._main_open
        return side_open == 0 and self._side_index >= len(self._sides[self.phase])

    def _enter(self, phase: Phase) -> bool:
        self.phase = phase
        self._side_index = 0
        if phase is not Phase.DONE and not self._sides[phase]:
            return self._enter(Phase.FINALLY if phase is Phase.ERRORS else Phase.DONE)
        return True
