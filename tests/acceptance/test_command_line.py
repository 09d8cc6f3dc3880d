"""The commands that talk to a server, against a real one."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.modules import ROOT
from tests.support.processes import run_kestra
from tests.support.product import USERNAME, Product

FLOW = """
id: %s
namespace: command.line
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "%s"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(FLOW % (name, "hello"))
    return tmp_path


def sources_of(product: Product) -> dict[str, str]:
    found = product.call("GET", "/flows/command.line").json()
    return {
        flow["id"]: product.call("GET", f"/flows/command.line/{flow['id']}?source=true").json()[
            "source"
        ]
        for flow in found
    }


def test_flows_live_their_life_from_the_command_line(product: Product, folder: Path) -> None:
    created = run_kestra("flow", "create", str(folder), *product.options)
    assert created.returncode == 0, created.stderr
    assert "command.line.one revision 1" in created.stdout

    (folder / "one.yaml").write_text(FLOW % ("one", "changed"))
    updated = run_kestra(
        *("flow", "update", str(folder / "one.yaml"), "command.line", "one"), *product.options
    )
    assert "command.line.one revision 2" in updated.stdout
    assert "changed" in sources_of(product)["one"]

    target = folder / "exported"
    exported = run_kestra(
        *("flow", "export", str(target), "--namespace", "command.line"), *product.options
    )
    assert exported.returncode == 0, exported.stderr
    with zipfile.ZipFile(target / "flows.zip") as archive:
        assert len(archive.namelist()) == 2

    (folder / "two.yaml").unlink()
    same = run_kestra(
        *("flow", "namespace", "update", "command.line", str(folder), "--delete"),
        *product.options,
    )
    assert same.returncode == 0, same.stderr
    assert set(sources_of(product)) == {"one"}

    deleted = run_kestra("flow", "delete", "command.line", "one", *product.options)
    assert deleted.returncode == 0, deleted.stderr
    assert sources_of(product) == {}


def test_flow_that_is_wrong_is_told_with_its_place(product: Product, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text((FLOW % ("wrong", "hello")).replace("message", "mesage"))

    checked = run_kestra("flow", "validate", str(file), *product.options)
    created = run_kestra("flow", "create", str(file), *product.options)

    assert checked.returncode == 1
    assert "mesage" in checked.stdout
    assert "message" in checked.stdout
    assert created.returncode == 1
    assert "mesage" in created.stderr


def test_values_and_files_of_a_namespace_are_sent(product: Product, tmp_path: Path) -> None:
    product.save_flow(FLOW % ("owner", "hello"))
    (tmp_path / "query.sql").write_text("SELECT 1")

    value = run_kestra("namespace", "kv", "update", "command.line", "limit", "7", *product.options)
    files = run_kestra(
        *("namespace", "files", "update", "command.line", str(tmp_path), "sql"), *product.options
    )
    stored = product.call("GET", "/namespaces/command.line/kv/limit").json()
    text = product.call(
        "GET", "/namespaces/command.line/files", params={"path": "/sql/query.sql"}
    ).text

    assert (value.returncode, files.returncode) == (0, 0), value.stderr + files.stderr
    assert (stored["type"], stored["value"]) == ("NUMBER", 7)
    assert text == "SELECT 1"


def test_users_and_tenants_are_made_beside_the_server(product: Product) -> None:
    place = {
        "KESTRA_DATA_DIR": str(product.data_dir),
        "DATABASE_URL": "",
        "KESTRA_ENCRYPTION_SECRET_KEY": (product.data_dir / "encryption.key").read_text().strip(),
    }

    tenant = run_kestra(
        *("tenants", "create", "--tenant", "second", "--admin-username", USERNAME), **place
    )
    user = run_kestra(*("auths", "users", "create", "reader@example.com", "Reader-pass-1"), **place)
    seen = run_kestra(
        *("flow", "validate", str(ROOT / "examples" / "flows")),
        *("--server", product.url, "--user", "reader@example.com:Reader-pass-1"),
    )

    assert tenant.returncode == 0, tenant.stderr
    assert user.returncode == 0, user.stderr
    assert seen.returncode == 1
    assert "Forbidden" in seen.stderr or "may not" in seen.stderr


def test_token_signs_in_instead_of_a_password(product: Product, folder: Path) -> None:
    made = product.call(
        "POST", f"{product.url}/api/v1/me/api-tokens", json={"name": "of-the-command-line"}
    )
    token = made.json()["fullToken"]

    done = run_kestra(
        *("flow", "validate", str(folder)), *("--server", product.url, "--api-token", token)
    )
    refused = run_kestra("flow", "validate", str(folder), "--server", product.url)

    assert done.returncode == 0, done.stdout + done.stderr
    assert refused.returncode == 1
    assert "sign in with --user" in refused.stderr


def test_expression_is_evaluated_without_a_server() -> None:
    line = json.dumps({"id": 1, "template": "{{ 1 + 1 }}", "context": {}})

    done = run_kestra("expressions", "eval", stdin=line + "\n")

    assert json.loads(done.stdout)["result"] == "2"
