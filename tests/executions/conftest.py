"""The tenant in which rows are made."""

from collections.abc import Iterator

import pytest

from common.tenancy import tenant_scope


@pytest.fixture
def tenant(db: None) -> Iterator[str]:
    with tenant_scope("main"):
        yield "main"
