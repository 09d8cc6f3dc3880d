"""How tests of the API send sources."""

from collections.abc import Callable
from typing import Any

import pytest

Send = Callable[..., Any]


@pytest.fixture
def send(super_client: Any) -> Send:
    """`send("POST", "/flows", source)`: a request of the super-admin in tenant `main`."""

    def send_yaml(method: str, path: str, source: str = "", **extra: Any) -> Any:
        return super_client.generic(
            method, f"/api/v1/main{path}", source, content_type="application/x-yaml", **extra
        )

    return send_yaml
