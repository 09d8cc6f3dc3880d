"""The tree is as ARCHITECTURE.md says."""

import importlib.util
import secrets
import sysconfig
from pathlib import Path

import pytest

from tests.support.modules import ROOT

build = pytest.importorskip("hatchling.build", reason="hatchling is not installed")


def _load_build_tool() -> object:
    spec = importlib.util.spec_from_file_location("build_tool", ROOT / "tools" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_secrets_is_the_module_of_the_standard_library() -> None:
    assert Path(secrets.__file__).parent == Path(sysconfig.get_path("stdlib"))
    assert not (ROOT / "secrets" / "__init__.py").exists()


@pytest.mark.parametrize("name", [".gitignore", ".dockerignore"])
def test_no_ignore_file_hides_the_folder_secrets(name: str) -> None:
    lines = [line.strip().strip("/") for line in (ROOT / name).read_text().splitlines()]

    assert "secrets" not in lines


def test_tests_are_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_wheel_holds_the_product_and_nothing_else(tmp_path: Path) -> None:
    tool = _load_build_tool()

    wheel = tool.build_wheel(tmp_path)  # type: ignore[attr-defined]  # a script, not a module

    assert tool.faults_of(wheel) == []  # type: ignore[attr-defined]  # a script, not a module


def test_lock_files_name_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
