"""The pure parts of the flow pages' islands, by Node's own test runner: completion with the schemas
that the server gives, layout with its graphs."""

import json
import subprocess
from pathlib import Path

import pytest

from flows.api.serializers import graph_shape
from flows.graph import graph_of
from flows.parsing import parse_flow
from plugins.registry import installed_registry
from tools.frontend import find_node
from ui.flows.assistance import described_type, type_index

ROOT = Path(__file__).resolve().parents[2]
ISLANDS = ROOT / "frontend/src/islands"
DAG = """
id: dag
namespace: company.team
tasks:
  - id: all
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - task: {id: a, type: io.kestra.plugin.core.log.Log, message: x}
      - task: {id: b, type: io.kestra.plugin.core.log.Log, message: x}
      - task: {id: c, type: io.kestra.plugin.core.log.Log, message: x}
        dependsOn: [a, b]
"""
LARGE = "id: large\nnamespace: company.team\ntasks:\n" + "".join(
    f"  - id: g{group}\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n"
    + "".join(
        f"      - {{id: t{group}_{number}, type: io.kestra.plugin.core.log.Log, message: x}}\n"
        for number in range(10)
    )
    for group in range(100)
)


@pytest.fixture
def given(tmp_path):
    """What the scripts get from the server, as files that variables name."""
    schemas = {
        name: json.loads(described_type(name))["schema"] for name in installed_registry().names()
    }
    sources = {
        "showcase": (ROOT / "tests/support/showcase.yaml").read_text(encoding="utf-8"),
        "dag": DAG,
        "large": LARGE,
    }
    files = {
        "KNOWLEDGE": {"index": json.loads(type_index()), "schemas": schemas},
        "GRAPHS": {name: graph(source) for name, source in sources.items()},
    }
    for name, content in files.items():
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    return {name: str(tmp_path / name) for name in files}


def graph(source):
    parsed = parse_flow(source, tenant="main")
    return graph_shape(graph_of(parsed.document, source=parsed.value))


@pytest.mark.parametrize(
    "script", ["editor/tests/complete.test.mjs", "topology/tests/layout.test.mjs"]
)
def test_script_does_what_its_tests_say(script, given):
    node, _ = find_node()
    hooks = (ISLANDS / "editor/tests/typescript.mjs").as_uri()
    done = subprocess.run(
        [str(node), "--no-warnings", "--import", hooks, "--test", str(ISLANDS / script)],
        env={**given, "PATH": str(node.parent)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
