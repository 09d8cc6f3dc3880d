"""The flows that the README sends are valid."""

from pathlib import Path

import pytest

from common.tenancy import DEFAULT_TENANT, tenant_scope
from flows.services.saving import read_source
from tests.support.modules import ROOT

FLOWS = sorted((ROOT / "examples" / "flows").glob("*.yaml"))


@pytest.mark.django_db
@pytest.mark.parametrize("file", FLOWS, ids=lambda file: file.stem)
def test_example_flow_is_valid(file: Path) -> None:
    with tenant_scope(DEFAULT_TENANT):
        parsed = read_source(file.read_text(encoding="utf-8"))

    assert parsed.document.id == file.stem
