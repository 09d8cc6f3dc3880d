"""Fixtures of signed-in clients."""

from tests.support.fixtures import (  # noqa: F401 - fixtures
    anonymous,
    client_for,
    super_client,
)
