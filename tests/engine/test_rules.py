"""The rules over the product of states."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from executions.executor.policy import RULES, decide
from executions.executor.rules.contract import Rule, Transition
from executions.executor.rules.drop_what_comes_after_the_end import DropWhatComesAfterTheEnd
from executions.executor.rules.end_killed_while_killing import EndKilledWhileKilling
from executions.executor.rules.retry_failed_task import RetryFailedTask
from executions.executor.rules.turn_allowed_failure_into_warning import (
    TurnAllowedFailureIntoWarning,
)
from executions.executor.rules.turn_allowed_warning_into_success import (
    TurnAllowedWarningIntoSuccess,
)
from executions.executor.rules.warn_about_retries import WarnAboutRetries
from plugins.contracts.state import TERMINAL, State
from plugins.contracts.task import Retry
from tests.support.work import Work

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = Work(id="a", type=Work.type_name)
SOFT = Work(id="a", type=Work.type_name, allow_failure=True, allow_warning=True)
RETRY = Retry(type="constant", interval=timedelta(seconds=1), max_attempt=3, warning_on_retry=True)
STATES = list(State)
PAIRS = list(product(STATES, STATES))
ALIVE = [State.CREATED, State.RUNNING, State.RETRYING, State.RESTARTED]


def transition(source=State.RUNNING, target=State.FAILED, **changes) -> Transition:
    base = Transition(
        task=SOFT,
        source=source,
        target=target,
        now=NOW,
        attempts=2,
        first_started=NOW,
        retry=RETRY,
        is_killing=True,
    )
    return replace(base, **changes)


def changed(rule: Rule, **changes) -> dict[tuple[State, State], Transition]:
    """What the rule makes of each pair of states that it does not leave alone. Everything that it
    could ask for is given."""
    found = {}
    for source, target in PAIRS:
        before = transition(source, target, **changes)
        if rule.governs(before):
            after = rule.apply(before)
            if after != before:
                found[source, target] = after
    return found


def test_what_has_ended_stays_whatever_comes():
    found = changed(DropWhatComesAfterTheEnd())

    assert found.keys() == set(product(TERMINAL, STATES))
    assert all(item.is_rejected for item in found.values())


def test_failures_and_retries_end_killed_while_killing():
    found = changed(EndKilledWhileKilling())

    assert found.keys() == set(product(STATES, [State.FAILED, State.RETRYING]))
    assert {item.target for item in found.values()} == {State.KILLED}


def test_nothing_ends_killed_while_nobody_kills():
    assert changed(EndKilledWhileKilling(), is_killing=False) == {}


def test_failures_of_what_lives_are_tried_again():
    found = changed(RetryFailedTask())

    assert found.keys() == set(product(ALIVE, [State.FAILED]))
    assert {item.target for item in found.values()} == {State.RETRYING}
    assert {item.retry_in for item in found.values()} == {timedelta(seconds=1)}


@pytest.mark.parametrize(
    "changes",
    [
        {"retry": None},
        {"is_flowable": True},
        {"attempts": 0},
        {"attempts": 3},
        {"attempts": 4},
        {"retry": RETRY.model_copy(update={"max_duration": timedelta(seconds=1)})},
    ],
    ids=["no retry", "flowable", "no attempt", "used up", "more than used up", "too late"],
)
def test_no_pair_of_states_is_tried_again_without_leave(changes):
    assert changed(RetryFailedTask(), **changes) == {}


def test_allowed_failures_become_warnings():
    found = changed(TurnAllowedFailureIntoWarning())

    assert found.keys() == set(product(STATES, [State.FAILED]))
    assert {item.target for item in found.values()} == {State.WARNING}
    assert changed(TurnAllowedFailureIntoWarning(), task=PLAIN) == {}


def test_allowed_warnings_become_successes():
    found = changed(TurnAllowedWarningIntoSuccess())

    assert found.keys() == set(product(STATES, [State.WARNING]))
    assert {item.target for item in found.values()} == {State.SUCCESS}
    assert changed(TurnAllowedWarningIntoSuccess(), task=PLAIN) == {}


def test_dear_successes_become_warnings():
    found = changed(WarnAboutRetries())

    assert found.keys() == set(product(STATES, [State.SUCCESS]))
    assert {item.target for item in found.values()} == {State.WARNING}


@pytest.mark.parametrize("changes", [{"retry": None}, {"attempts": 1}, {"attempts": 0}])
def test_cheap_successes_stay(changes):
    assert changed(WarnAboutRetries(), **changes) == {}


def test_a_success_is_no_warning_unless_the_retry_says_so():
    quiet = RETRY.model_copy(update={"warning_on_retry": False})

    assert changed(WarnAboutRetries(), retry=quiet) == {}


def test_every_rule_is_in_the_policy_once():
    kinds = [type(rule) for rule in RULES]

    assert sorted(kind.__name__ for kind in kinds) == sorted(
        kind.__name__ for kind in Rule.__subclasses__()
    )


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_the_policy_over_all_pairs(source, target):
    """Without a task that asks for anything only ends are guarded."""
    decision = decide(transition(source, target, task=PLAIN, retry=None, is_killing=False))

    assert decision.is_rejected is (source in TERMINAL)
    assert decision.target is target
    assert decision.retry_in is None


@pytest.mark.parametrize("source", [state for state in STATES if state not in TERMINAL])
def test_a_kill_comes_before_a_retry_and_before_leniency(source):
    decision = decide(transition(source, State.FAILED))

    assert decision.target is State.KILLED
    assert decision.retry_in is None


@pytest.mark.parametrize("source", ALIVE)
def test_a_retry_comes_before_leniency(source):
    decision = decide(transition(source, State.FAILED, is_killing=False))

    assert decision.target is State.RETRYING


@pytest.mark.parametrize("source", ALIVE)
def test_a_failure_may_become_a_success_in_two_steps(source):
    decision = decide(transition(source, State.FAILED, is_killing=False, retry=None))

    assert decision.target is State.SUCCESS


def test_a_dear_success_is_a_success_again_where_warnings_are_allowed():
    assert decide(transition(target=State.SUCCESS, is_killing=False)).target is State.SUCCESS
    dear = transition(target=State.SUCCESS, is_killing=False, task=PLAIN)
    assert decide(dear).target is State.WARNING


def test_a_shorter_policy_forces_a_change():
    decision = decide(transition(State.SUCCESS, State.FAILED), rules=())

    assert (decision.target, decision.is_rejected) == (State.FAILED, False)


@pytest.mark.parametrize(
    ("options", "delays"),
    [
        ({"type": "constant", "interval": "PT3S"}, [3, 3, 3, 3]),
        ({"type": "exponential", "interval": "PT3S"}, [0, 6, 12, 18]),
        ({"type": "exponential", "interval": "PT3S", "delayFactor": 1.5}, [0, 4.5, 9, 13.5]),
        ({"type": "exponential", "interval": "PT3S", "maxInterval": "PT10S"}, [0, 6, 10, 10]),
        ({"type": "random", "minInterval": "PT2S", "maxInterval": "PT4S"}, [3, 3, 3, 3]),
        ({"type": "random", "minInterval": "PT2S", "maxInterval": "PT2S"}, [2, 2, 2, 2]),
    ],
)
def test_delays_by_type(options, delays):
    retry = Retry.model_validate(options)

    found = [
        decide(transition(task=PLAIN, is_killing=False, retry=retry, attempts=attempts)).retry_in
        for attempts in (1, 2, 3, 4)
    ]

    assert found == [timedelta(seconds=delay) for delay in delays]


@pytest.mark.parametrize(
    ("elapsed", "target"),
    [(0.0, State.RETRYING), (3.9, State.RETRYING), (4.0, State.FAILED), (9.0, State.FAILED)],
)
def test_no_attempt_starts_when_max_duration_is_over(elapsed, target):
    retry = Retry.model_validate({"type": "constant", "interval": "PT2S", "maxDuration": "PT6S"})
    late = transition(task=PLAIN, is_killing=False, retry=retry)

    decision = decide(replace(late, now=NOW + timedelta(seconds=elapsed)))

    assert decision.target is target
