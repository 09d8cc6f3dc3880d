"""What Celery does with a message of the dispatcher."""

import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from common.json import dumps
from executions.dispatch.celery import items_to_json
from executions.dispatch.contract import WorkItem
from executions.tasks import run_bundle, straight_to_the_host
from executions.worker import current

ITEM = WorkItem(
    "main", "a", "execution", "run", "token", datetime(2026, 1, 1, tzinfo=UTC), reads=("one", "two")
)


class Host:
    def __init__(self):
        self.accepted = []

    def accept(self, items):
        if items[0].token == "unwanted":
            raise RuntimeError("no room")
        self.accepted.append(items)


class Message:
    def __init__(self, body):
        self.body = body


@pytest.fixture
def host(monkeypatch):
    found = Host()
    monkeypatch.setattr(current, "_host", [found])
    return found


@pytest.fixture
def receive(host):
    def never(*arguments):
        raise AssertionError("nothing is acknowledged: nothing was borrowed")

    handler = straight_to_the_host(run_bundle, None, None)
    return lambda body: handler(Message(body), None, never, never, [])


def body_of(*items):
    return dumps([[items_to_json(items)], {}, {"callbacks": None}])


def test_a_message_goes_straight_to_the_host(host, receive):
    unknown = replace(ITEM, reads=None)

    receive(body_of(ITEM, unknown))

    assert host.accepted == [(ITEM, unknown)]


@pytest.mark.parametrize("body", [body_of(replace(ITEM, token="unwanted")), "{", "[]"])
def test_one_that_cannot_be_handed_over_stops_nobody(host, receive, caplog, body):
    with caplog.at_level(logging.ERROR):
        receive(body)
    receive(body_of(ITEM))

    assert host.accepted == [(ITEM,)]
    assert "could not be handed to the host" in caplog.text


def test_celery_takes_this_way():
    assert run_bundle.Strategy == "executions.tasks:straight_to_the_host"
