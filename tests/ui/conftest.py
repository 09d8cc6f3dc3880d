"""Fixtures of signed-in clients, and a front end that looks built, as pages need its manifest."""

from typing import Any

import pytest

from tests.support.fixtures import (  # noqa: F401 - fixtures
    anonymous,
    client_for,
    super_client,
)


@pytest.fixture(autouse=True)
def _front_end_is_built(settings: Any) -> None:
    if not settings.KESTRA_VITE_MANIFEST.is_file():
        pytest.fail("the front end is not built: run `make install`")
