"""The tenant in which rows are made, and workers in memory."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from common.tenancy import tenant_scope

if TYPE_CHECKING:
    from tests.support.worker import Stage


@pytest.fixture
def tenant(db: None) -> Iterator[str]:
    with tenant_scope("main"):
        yield "main"


@pytest.fixture
def make_stage(tmp_path: Path) -> "Iterator[Callable[..., Stage]]":
    from tests.support.worker import Call, Stage  # it needs the apps, and they come after us

    stages: list[Stage] = []

    def make(**options: Any) -> "Stage":
        stages.append(Stage(tmp_path, **options))
        return stages[-1]

    Call.kills.clear()
    yield make
    for stage in stages:
        stage.close()


@pytest.fixture
def stage(make_stage: "Callable[..., Stage]") -> "Stage":
    return make_stage()
