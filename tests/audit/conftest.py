"""Fixtures of signed-in clients."""

from tests.support.fixtures import anonymous, client_for, super_client  # noqa: F401
