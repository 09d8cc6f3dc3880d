"""What the executor asks of the outside: what goes wrong there leaves no execution waiting."""

import logging
import threading
from typing import Any

import pytest
from django.db import OperationalError

from common.errors import NotFound, Unavailable
from executions.executor.answers import Answers
from executions.executor.commands import Render, StartSubflow
from executions.executor.engine import OUTPUTS
from executions.executor.events import Rendered, SubflowRefused, SubflowStarted
from executions.executor.residents import FlowBundle, Resident
from executions.scope import Surroundings
from expressions.engine import ExpressionEngine
from plugins.contracts.plan import SubflowRequest
from tests.support.engine import held
from tests.support.stores import a_head
from tests.support.waiting import DEADLINE, wait_for

FLOW = "tasks: [{id: a, type: Work}]"
LONG = 3600.0


class Services:
    def __init__(self, outside: "Outside") -> None:
        self._outside = outside

    def kv(self, key: str, namespace: str | None) -> Any:
        return self._outside.next()


class Outside:
    """Gives one after another what the test has put into `script`; the last one stays."""

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.calls = 0
        self.asked = threading.Event()

    def next(self) -> Any:
        found = self.script[min(self.calls, len(self.script) - 1)]
        self.calls += 1
        self.asked.set()
        if isinstance(found, Exception):
            raise found
        return found

    def surroundings(self, head: Any, bundle: Any) -> Surroundings:
        return Surroundings(namespace_variables=self.next)

    def services(self, head: Any, scope: Any) -> Any:
        return Services(self)

    def new_subflow(self, parent: Any, run: Any, request: Any) -> Any:
        return self.next()


class Asker:
    """Asks for one thing, and waits for its answer."""

    def __init__(self, outside: Outside, **options: Any) -> None:
        self.woken = threading.Event()
        self.answers = Answers(
            ExpressionEngine(),
            outside,
            on_ready=self.woken.set,
            **{"first_pause": 0.001, **options},
        )
        run = held(FLOW)
        self.resident = Resident(run.live, FlowBundle(run.flow))
        self.run = run.run_of("a")

    def ask_for_subflow(self) -> None:
        command = StartSubflow(self.run.id, SubflowRequest("company.team", "child"))
        self.answers.subflow_later(self.resident, command)

    def ask_for_text(self, template: str) -> None:
        command = Render("purpose", self.run.id, {"text": template})
        self.answers.render_later(self.resident, command)

    def answer(self) -> Any:
        assert self.woken.wait(DEADLINE), "nobody answered"
        ((execution_id, event),) = self.answers.take()
        assert execution_id == self.resident.id
        return event


@pytest.fixture
def ask():
    askers = []

    def make(outside, **options):
        askers.append(Asker(outside, **options))
        return askers[-1]

    yield make
    for asker in askers:
        asker.answers.close()


PASSING = [
    Unavailable("storage does not answer"),
    OperationalError("server closed the connection"),
    ConnectionRefusedError("nobody listens"),
]


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_a_subflow_is_asked_for_again_while_the_outside_does_not_answer(ask, error):
    child = a_head()
    asker = ask(Outside(error, error, child))

    asker.ask_for_subflow()

    assert asker.answer() == SubflowStarted(asker.run.id, child)


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_an_expression_is_rendered_again_while_the_outside_does_not_answer(ask, error):
    asker = ask(Outside(error, error, "found"))

    asker.ask_for_text("{{ kv('key') }}")

    assert asker.answer() == Rendered("purpose", asker.run.id, values={"text": "found"})


def test_an_outside_that_stays_away_fails_the_subflow(ask):
    asker = ask(Outside(OperationalError("no route to host")), patience=0.0)

    asker.ask_for_subflow()

    event = asker.answer()
    assert isinstance(event, SubflowRefused)
    assert "no route to host" in event.error
    assert "tries" in event.error


def test_an_outside_that_stays_away_fails_the_expression(ask):
    asker = ask(Outside(Unavailable("storage is away")), patience=0.0)

    asker.ask_for_text("{{ kv('key') }}")

    event = asker.answer()
    assert isinstance(event, Rendered)
    assert (event.purpose, event.task_run_id) == ("purpose", asker.run.id)
    assert "storage is away" in (event.error or "")


def test_the_waits_grow_and_end_with_the_patience(ask):
    outside = Outside(Unavailable("away"))
    asker = ask(outside, first_pause=0.01, patience=0.1)

    asker.ask_for_subflow()
    asker.answer()

    assert 2 <= outside.calls <= 5  # 0.01 + 0.02 + 0.04 + …: no more than four waits fit


def test_an_unexpected_error_is_an_answer_and_logged(ask, caplog):
    caplog.set_level(logging.ERROR, "kestra.executor")
    asker = ask(Outside(ZeroDivisionError("odd")))

    asker.ask_for_subflow()

    event = asker.answer()
    assert isinstance(event, SubflowRefused)
    assert "ZeroDivisionError: odd" in event.error
    (record,) = caplog.records
    assert record.exc_info is not None
    assert asker.resident.id in record.getMessage()


def test_an_unexpected_error_in_an_expression_is_an_answer_and_logged(ask, caplog):
    caplog.set_level(logging.ERROR, "kestra.executor")
    asker = ask(Outside(ZeroDivisionError("odd")))

    asker.ask_for_text("{{ kv('key') }}")

    assert "odd" in asker.answer().error
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_what_is_refused_is_not_asked_for_again(ask, caplog):
    outside = Outside(NotFound("there is no such flow"))
    asker = ask(outside)

    asker.ask_for_subflow()

    assert asker.answer() == SubflowRefused(asker.run.id, "there is no such flow")
    assert outside.calls == 1
    assert caplog.records == []


def test_a_wait_ends_with_the_executor_and_leaves_the_answer_to_the_next_owner(ask):
    outside = Outside(Unavailable("away"))
    asker = ask(outside, first_pause=LONG, patience=2 * LONG)
    asker.ask_for_subflow()
    assert outside.asked.wait(DEADLINE)

    asker.answers.close()

    wait_for(lambda: not any(thread.is_alive() for thread in asker.answers._pool._threads))
    assert list(asker.answers.take()) == []


def test_outputs_of_the_flow_that_cannot_be_typed_are_an_answer(ask):
    asker = ask(Outside("x"))
    bundle = FlowBundle(asker.resident.bundle.flow, type_outputs=lambda values: 1 / 0)
    resident = Resident(asker.resident.live, bundle)

    asker.answers.render_later(resident, Render(OUTPUTS, None, {"text": "{{ kv('key') }}"}))

    assert "division" in asker.answer().error


def test_what_cannot_be_waited_for_in_the_loop_is_left_to_the_pool(ask):
    outside = Outside(OperationalError("server closed the connection"), {"a": "b"})
    asker = ask(outside)
    command = Render("purpose", asker.run.id, {"text": "{{ namespace.a }}"})

    assert asker.answers.render_now(asker.resident, command) is None
    assert outside.calls == 1
    asker.answers.render_later(asker.resident, command)

    assert asker.answer() == Rendered("purpose", asker.run.id, values={"text": "b"})
