"""Events as JSON, there and back."""

from datetime import UTC, datetime

import pytest

from executions import messages
from executions.executor.events import (
    ChildEnded,
    Continue,
    Created,
    KillRequested,
    LabelsSet,
    Rendered,
    TaskEnded,
    TaskStarted,
)
from executions.executor.model import Outputs
from plugins.contracts.state import State

FROM = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
TO = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)

RESULTS = [
    TaskStarted("run", "token", "worker", FROM),
    TaskEnded("run", "token", State.SUCCESS, FROM, TO),
    TaskEnded("run", "token", State.FAILED, FROM, TO, "worker", message="größer \n ☃"),
    TaskEnded("run", "token", State.KILLED, FROM, TO, outputs=Outputs(value={}, size=2)),
    TaskEnded(
        "run",
        "token",
        State.WARNING,
        FROM,
        TO,
        outputs=Outputs(value={"a": [1, None, {"b": 1.5}], "": "x", "n": 2**70}, size=9),
    ),
    TaskEnded("run", "token", State.SUCCESS, FROM, TO, outputs=Outputs(uri="kestra:///a", size=9)),
]
REQUESTS = [
    Created(),
    KillRequested(),
    KillRequested(cascade=False),
    LabelsSet(()),
    LabelsSet((("team", "x"), ("team", "y"), ("größe", ""))),
    ChildEnded("run", "child", State.SUCCESS),
    ChildEnded("run", "child", State.FAILED, {"total": [1, {"a": None}]}),
]


@pytest.mark.parametrize("event", RESULTS)
def test_results_come_over_the_bus_as_they_were(event):
    body = messages.results([("execution", event)])

    assert messages.parse(body) == ([], [("execution", event)])


def test_many_results_keep_their_order():
    sent = [(f"execution-{number}", event) for number, event in enumerate(RESULTS)]

    assert messages.parse(messages.results(sent)) == ([], sent)


def test_a_look_names_rows_of_the_inbox():
    assert messages.parse(messages.look([3, 1])) == ([3, 1], [])


@pytest.mark.parametrize("event", [*REQUESTS, *RESULTS])
def test_requests_come_out_of_the_inbox_as_they_went_in(event):
    from common.json import dump_bytes, loads

    kind, payload = messages.inbox_payload(event)

    assert messages.inbox_event(kind, loads(dump_bytes(payload))) == event


@pytest.mark.parametrize("event", [Continue(None), Rendered("plan", "run")])
def test_what_lives_in_memory_does_not_go_into_the_inbox(event):
    with pytest.raises(TypeError, match=type(event).__name__):
        messages.inbox_payload(event)


def test_an_unknown_kind_is_said():
    with pytest.raises(ValueError, match="SOMETHING"):
        messages.inbox_event("SOMETHING", {})
