"""A tenant to work in, an actor, and a storage in memory."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from common.actor import Actor, ActorKind
from common.tenancy import tenant_scope
from tests.tenants.fake_gate import FakeGate

TENANT = "main"


@pytest.fixture
def actor() -> Actor:
    return Actor(ActorKind.USER, id="u1", name="ann@example.com")


@pytest.fixture
def tenant() -> Iterator[str]:
    with tenant_scope(TENANT):
        yield TENANT


@pytest.fixture(autouse=True)
def _storage_in_memory(settings: Any) -> Iterator[None]:
    from tenants.storages import forget_storages  # conftests are read before Django's apps

    settings.KESTRA_STORAGE = {"type": "memory", "options": {}}
    forget_storages()
    yield
    forget_storages()


@pytest.fixture
def gate(settings: Any) -> Iterator[type[FakeGate]]:
    """Whoever calls the API may do everything, until a test sets `granted`."""
    from rest.gate import current_gate

    settings.KESTRA_GATE = "tests.tenants.fake_gate.FakeGate"
    settings.KESTRA_DATABASE_THREADS = 0
    current_gate.cache_clear()
    FakeGate.granted = None
    yield FakeGate
    FakeGate.granted = None
    current_gate.cache_clear()


@pytest.fixture
def api(gate: type[FakeGate]) -> Client:
    return Client(raise_request_exception=False)
