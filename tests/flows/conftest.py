"""Clients, an actor in a tenant, and sources to save."""

from collections.abc import Iterator

import pytest

from common.actor import Actor, ActorKind
from common.tenancy import tenant_scope
from tests.support.fixtures import (  # noqa: F401 - fixtures
    anonymous,
    client_for,
    super_client,
)


@pytest.fixture
def actor() -> Actor:
    return Actor(ActorKind.USER, id="u1", name="ann@example.com")


@pytest.fixture
def tenant(db: None) -> Iterator[str]:
    with tenant_scope("main"):
        yield "main"


@pytest.fixture(autouse=True)
def _nothing_compiled() -> Iterator[None]:
    from flows.cache import forget_compiled_flows  # conftests are read before Django's apps

    forget_compiled_flows()
    yield
    forget_compiled_flows()
