"""Tasks that the executor runs itself."""

from datetime import UTC, datetime

import pytest

from executions.executor.inline import InlineContext, NotInline, run_inline
from executions.executor.model import Head, TaskRun
from executions.executor.paths import TaskRunIndex
from executions.scope import Rows, Scope, Surroundings
from expressions.engine import ExpressionEngine
from plugins.contracts.state import State
from plugins.testing import parse_task

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ENGINE = ExpressionEngine()
HEAD = Head(
    id="execution",
    tenant="main",
    namespace="company.team",
    flow_id="flow",
    flow_revision=1,
    state=State.RUNNING,
    history=((State.CREATED, NOW),),
    original_id="x",
    created_at=NOW,
    inputs={"n": 3},
)
RUN = TaskRun("run", 0, "a", State.CREATED, ((State.CREATED, NOW),), token="token")
CORE = "io.kestra.plugin.core."


def scope():
    rows = Rows.of({RUN.id: RUN}, TaskRunIndex())
    return Scope(head=HEAD, rows=rows, surroundings=Surroundings(), run=RUN)


def run(kind, **properties):
    task = parse_task({"id": "a", "type": CORE + kind, **properties})
    return run_inline(ENGINE, task, HEAD, RUN, scope())


def test_the_result_names_the_attempt():
    event, _ = run("debug.Return", format="{{ inputs.n }}")

    assert (event.task_run_id, event.token, event.state) == ("run", "token", State.SUCCESS)
    assert event.outputs.value == {"value": "3"}
    assert event.outputs.size == len(b'{"value":"3"}')
    assert event.started_at <= event.ended_at
    assert event.worker_id is None


def test_the_lines_come_with_it():
    event, lines = run("log.Log", message=["one", "{{ inputs.n }}"], level="WARN")

    assert event.state is State.SUCCESS
    assert event.outputs is None
    assert lines == [("WARN", "one"), ("WARN", "3")]


def test_quiet_lines_are_left_out():
    _, lines = run("log.Log", message="quiet", level="DEBUG", logLevel="WARN")

    assert lines == []


def test_a_failure_says_why_in_the_log_and_the_result():
    event, lines = run("execution.Fail", errorMessage="no luck")

    assert (event.state, event.message) == (State.FAILED, "no luck")
    assert lines == [("ERROR", "no luck")]


def test_what_cannot_be_rendered_fails():
    event, _ = run("debug.Return", format="{{ nowhere.at.all }}")

    assert event.state is State.FAILED
    assert event.message


def test_outputs_that_cannot_be_written_fail_the_task():
    class Odd:
        def run(self, context):
            return {"x": object()}

        log_level = None

    event, _ = run_inline(ENGINE, Odd(), HEAD, RUN, scope())

    assert (event.state, event.outputs) == (State.FAILED, None)


def test_it_tells_where_it_is():
    context = InlineContext(ENGINE, HEAD, RUN, scope(), None)

    assert (context.tenant, context.namespace, context.flow_id) == ("main", "company.team", "flow")
    assert (context.execution_id, context.task_id, context.task_run_id) == ("execution", "a", "run")
    assert (context.attempt, context.is_killed) == (0, False)


@pytest.mark.parametrize(
    "ask",
    [
        lambda context: context.kv,
        lambda context: context.files,
        lambda context: context.working_directory,
        lambda context: context.secret("x"),
        lambda context: context.metric("x", 1),
        lambda context: context.mask("x"),
        lambda context: context.render("x", variables={"a": 1}),
    ],
)
def test_nothing_outside_is_within_reach(ask):
    with pytest.raises(NotInline):
        ask(InlineContext(ENGINE, HEAD, RUN, scope(), None))
