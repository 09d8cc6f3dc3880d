"""Looks at everything when the load has ended: the rows, the counted effects, and what was left
behind in tables, Redis, folders and processes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from chaos.effects import Place
from chaos.flows import Expected
from common.json import loads

TERMINAL = {"SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "SKIPPED"}
# At most so many faults of one kind are told in full.
TOLD = 8


@dataclass(frozen=True, slots=True)
class Run:
    id: str
    task_id: str
    state: str
    attempt_count: int
    child: str | None
    has_token: bool


@dataclass(slots=True)
class Stored:
    """One execution as its rows tell it. `attempts`: (task run, number) -> (state, is lost)."""

    id: str
    flow_id: str
    state: str
    is_open: bool
    failure: str | None
    outputs: Mapping[str, Any]
    parent_run: str | None
    runs: list[Run] = field(default_factory=list)
    attempts: dict[str, dict[int, tuple[str, bool]]] = field(default_factory=dict)


Rows = psycopg.Connection[tuple[Any, ...]]


def read_executions(connection: Rows) -> dict[str, Stored]:
    found = {
        row[0]: Stored(row[0], row[1], row[2], row[3], row[4], loads(row[5] or "{}"), row[6])
        for row in connection.execute(
            "SELECT public_id, flow_id, state, is_open, failure, outputs,"
            " trigger_execution_id FROM executions_execution ORDER BY id"
        )
    }
    for execution_id, *run in connection.execute(
        "SELECT execution_id, public_id, task_id, state, attempt_count, child_execution_id,"
        " token IS NOT NULL FROM executions_taskrun ORDER BY execution_id, seq"
    ):
        found[execution_id].runs.append(Run(*run))
    for execution_id, run_id, number, state, is_lost in connection.execute(
        "SELECT execution_id, task_run_id, number, state, is_lost FROM executions_attempt"
    ):
        found[execution_id].attempts.setdefault(run_id, {})[number] = (state, is_lost)
    return found


def read_lines(connection: Rows) -> dict[str, list[tuple[int, str]]]:
    """Task run -> attempt and message of its log lines."""
    found: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for run_id, attempt, message in connection.execute(
        "SELECT task_run_id, attempt, message FROM executions_logentry"
        " WHERE task_run_id IS NOT NULL"
    ):
        found[run_id].append((attempt, message))
    return found


class Checks:
    """`faults` are the violations, by kind."""

    def __init__(
        self,
        flows: Mapping[str, Expected],
        started: Mapping[str, str],
        effects: Mapping[Place, int],
        unanswered: int,
    ) -> None:
        self._flows = flows
        self._started = started
        self._effects = effects
        self._unanswered = unanswered
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.lost_attempts = 0
        self.marked_duplicates = 0

    def run(self, connection: Rows) -> None:
        executions = read_executions(connection)
        lines = read_lines(connection)
        for missing in self._started.keys() - executions.keys():
            self.fault("lost executions", f"{missing} ({self._started[missing]}) has no row")
        for stored in executions.values():
            self._check(stored, executions, lines)
        self._check_unknown(executions)
        self._check_children(executions)
        self._check_effects(executions)

    def fault(self, kind: str, text: str) -> None:
        self.faults[kind].append(text)

    # ---- one execution --------------------------------------------------------------------------
    def _check(
        self,
        stored: Stored,
        executions: Mapping[str, Stored],
        lines: Mapping[str, list[tuple[int, str]]],
    ) -> None:
        flow = self._flows[stored.flow_id]
        name = f"{stored.flow_id} {stored.id}"
        if stored.failure:
            self.fault("errors of the engine", f"{name}: {stored.failure}")
        if stored.is_open or stored.state not in TERMINAL:
            states = Counter(f"{run.task_id}:{run.state}" for run in stored.runs)
            self.fault("executions that did not end", f"{name} is {stored.state}: {dict(states)}")
            return
        is_early = flow.is_killed  # it ends wherever the kill found it
        if stored.state != flow.state:
            self.fault("wrong states", f"{name} is {stored.state}, expected {flow.state}")
        runs = Counter(run.task_id for run in stored.runs)
        if not is_early and runs != Counter(flow.runs):
            self.fault("wrong task runs", f"{name}: {dict(runs)}, expected {dict(flow.runs)}")
        if is_early and any(count > flow.runs.get(task, 0) for task, count in runs.items()):
            self.fault("wrong task runs", f"{name}: {dict(runs)}, at most {dict(flow.runs)}")
        if flow.outputs is not None and dict(stored.outputs) != dict(flow.outputs):
            self.fault("wrong outputs", f"{name}: {stored.outputs}, expected {flow.outputs}")
        for run in stored.runs:
            self._check_run(flow, stored, run, lines.get(run.id, []))

    def _check_run(
        self, flow: Expected, stored: Stored, run: Run, lines: list[tuple[int, str]]
    ) -> None:
        name = f"{stored.flow_id} {stored.id} {run.task_id} {run.id}"
        expected = flow.states.get(run.task_id, "SUCCESS")
        allowed = {"KILLED", expected} if flow.is_killed else {expected}
        if run.state not in allowed:
            self.fault("wrong task run states", f"{name} is {run.state}, expected {expected}")
        if run.has_token:
            self.fault("tokens left", name)
        attempts = stored.attempts.get(run.id, {})
        if sorted(attempts) != list(range(run.attempt_count)):
            self.fault(
                "wrong attempts", f"{name}: numbers {sorted(attempts)}, count {run.attempt_count}"
            )
        counted = [number for number, (_, is_lost) in attempts.items() if not is_lost]
        self.lost_attempts += len(attempts) - len(counted)
        self._check_counted(flow, run, name, len(counted))
        self._check_lines(flow, run, name, attempts, lines)

    def _check_counted(self, flow: Expected, run: Run, name: str, counted: int) -> None:
        is_leaf = run.task_id in flow.effects | flow.counted.keys() | flow.children.keys()
        if not is_leaf or run.state == "KILLED":
            return
        expected = flow.counted.get(run.task_id, 1)
        # a lost attempt has moved the counter that failing tasks go by
        if counted != expected and not (expected > 1 and 1 <= counted < expected):
            self.fault("wrong attempts", f"{name}: {counted} counted, expected {expected}")

    def _check_lines(
        self,
        flow: Expected,
        run: Run,
        name: str,
        attempts: Mapping[int, tuple[str, bool]],
        lines: list[tuple[int, str]],
    ) -> None:
        wanted = flow.lines.get(run.task_id)
        if wanted is None:
            return
        per_attempt = Counter(attempt for attempt, message in lines if message == wanted)
        for number, (_, is_lost) in attempts.items():
            count = per_attempt[number]
            if count != 1 and not (is_lost and count == 0):
                self.fault("wrong log lines", f"{name} attempt {number}: {count} × '{wanted}'")

    # ---- across executions ----------------------------------------------------------------------
    def _check_unknown(self, executions: Mapping[str, Stored]) -> None:
        """A request that got no answer may have started one, and no more than one."""
        unknown = [
            f"{stored.flow_id} {stored.id}"
            for stored in executions.values()
            if stored.parent_run is None and stored.id not in self._started
        ]
        if len(unknown) > self._unanswered:
            text = f"{len(unknown)} with {self._unanswered} unanswered requests: {unknown[:5]}"
            self.fault("executions that nobody started", text)

    def _check_children(self, executions: Mapping[str, Stored]) -> None:
        named = {
            run.child: (stored.id, run.id)
            for stored in executions.values()
            for run in stored.runs
            if run.child is not None
        }
        for stored in executions.values():
            if stored.parent_run is not None and stored.id not in named:
                self.fault("children that no task run names", f"{stored.flow_id} {stored.id}")
        for child, parent in named.items():
            if child not in executions:
                self.fault("lost executions", f"child {child} of {parent}")

    def _check_effects(self, executions: Mapping[str, Stored]) -> None:
        known: set[Place] = set()
        for stored in executions.values():
            effects = self._flows[stored.flow_id].effects
            for run in stored.runs:
                for number, attempt in stored.attempts.get(run.id, {}).items():
                    known.add((run.id, number))
                    if run.task_id in effects:
                        name = f"{stored.flow_id} {stored.id} {run.task_id} {run.id} #{number}"
                        self._check_effect(name, (run.id, number), attempt)
        for place, count in self._effects.items():
            if place not in known:
                self.fault("effects of unknown attempts", f"{place[0]} #{place[1]}: {count}")

    def _check_effect(self, name: str, place: Place, attempt: tuple[str, bool]) -> None:
        state, is_lost = attempt
        count = self._effects.get(place, 0)
        if count > 1:
            self.fault("duplicate effects", f"{name}: {count} times")
        elif count == 1:
            self.marked_duplicates += is_lost
        elif not is_lost and state != "KILLED":
            self.fault("missing effects", f"{name} is {state} but was never told")


def told(faults: Mapping[str, list[str]]) -> Iterator[str]:
    for kind, texts in sorted(faults.items()):
        yield f"{kind}: {len(texts)}"
        yield from (f"    {text}" for text in texts[:TOLD])
        if len(texts) > TOLD:
            yield f"    … and {len(texts) - TOLD} more"
