"""The description of the API: all of it, each name once, the same bytes from the same code."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from rest.permissions import declarations_of_route, routes
from rest.shapes import described_operations

ROOT = Path(__file__).resolve().parents[2]
NO_MORE_THAN_OBJECTS = {
    # user data and JSON schemas
    "getExecutionOutputs", "getTaskRunOutputs", "getTaskRunOutputs_1", "listTemplates",
    "getPropertiesFromType", "getSchemasFromType", "getSchemasFromType_1",
    "previewFileFromExecution",
    # {}
    "deleteRevisions", "login", "login_1", "logout", "logout_1", "updateCurrentUserPassword",
}  # fmt: skip
TOOL = ROOT / "tools" / "openapi.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = spec_from_file_location("openapi_tool", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def document() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


@pytest.fixture(scope="module")
def operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_address_of_the_api_is_described(document: Any) -> None:
    shapes = {_shape(path): set(methods) for path, methods in document["paths"].items()}
    missing = [
        f"{method} {route}"
        for route, pattern in routes(get_resolver().url_patterns)
        if route.startswith("api/v1/")
        for method, _ in declarations_of_route(pattern.callback)
        if method != "HEAD" and method.lower() not in shapes.get(_shape(f"/{route}"), set())
    ]

    # a POST below an execution that is no action starts a flow: it is described there
    starts = ("file", "flow", "follow", "follow-dependencies", "graph", "kill")
    assert missing == [
        f"POST api/v1/<str:tenant>/executions/<str:execution_id>/{name}" for name in starts
    ]


def test_no_operation_has_the_name_of_another(operations: list[tuple[str, str, Any]]) -> None:
    names = [operation["operationId"] for _, _, operation in operations]

    assert sorted(names) == sorted(set(names))
    assert not [name for name in names if "/" in name or name.startswith("v1")]


def test_arguments_are_spelt_as_the_addresses_have_them(
    operations: list[tuple[str, str, Any]],
) -> None:
    for path, _, operation in operations:
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "path":
                assert f"{{{parameter['name']}}}" in path
                assert "_" not in parameter["name"]


def test_operations_say_nothing_about_base_classes(operations: list[tuple[str, str, Any]]) -> None:
    said = [operation.get("description", "") for _, _, operation in operations]

    assert not [text for text in said if "resource =" in text or "`self." in text]


def test_what_is_said_of_an_operation_has_one(operations: list[tuple[str, str, Any]]) -> None:
    names = {operation["operationId"] for _, _, operation in operations}

    assert [name for name in described_operations() if name not in names] == []


def test_answers_have_a_shape(operations: list[tuple[str, str, Any]]) -> None:
    """Of a few it is known only that they are objects."""
    vague = {
        operation["operationId"]
        for _, _, operation in operations
        for answer in (each for code, each in operation["responses"].items() if code != "4XX")
        for content in answer.get("content", {}).values()
        if content.get("schema") == {"type": "object", "additionalProperties": {}}
    }

    assert vague == NO_MORE_THAN_OBJECTS


def test_the_document_follows_the_specification(document: Any) -> None:
    validate_schema(document)


def test_the_same_code_gives_the_same_bytes(tmp_path: Path) -> None:
    script = "import sys, hashlib; sys.path.insert(0, 'tools'); import openapi; "
    script += "print(hashlib.sha256(openapi.render()).hexdigest())"
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "DATABASE_URL": "sqlite://"},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(digests) == 1


def test_check_fails_for_a_missing_file(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(tool, "render", lambda: b"openapi: 3.0.3\n")

    assert tool.main(["--check"], tmp_path / "openapi.yml") == 1
    assert "openapi.yml is missing: run `make openapi`" in capsys.readouterr().err


def test_check_fails_for_an_outdated_file(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setattr(tool, "render", lambda: b"openapi: 3.0.3\n")
    target = tmp_path / "openapi.yml"
    target.write_bytes(b"openapi: 3.0.2\n")

    assert tool.main(["--check"], target) == 1
    assert "run `make openapi`, look at the diff" in capsys.readouterr().err
    assert target.read_bytes() == b"openapi: 3.0.2\n"


def test_check_passes_for_what_was_written(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "render", lambda: b"openapi: 3.0.3\n")
    target = tmp_path / "openapi.yml"

    assert tool.main([], target) == 0
    assert tool.main(["--check"], target) == 0


def test_nothing_is_written_where_the_generator_had_to_guess(
    tool: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def guess() -> bytes:
        raise tool.NotDescribed("mend the warnings")

    monkeypatch.setattr(tool, "render", guess)

    assert tool.main([], tmp_path / "openapi.yml") == 1
    assert list(tmp_path.iterdir()) == []
    assert "mend the warnings" in capsys.readouterr().err


def _shape(path: str) -> str:
    """Without the names of the arguments."""
    parts = path.strip("/").split("/")
    return "/".join("{}" if part[:1] in "<{" else part for part in parts)
