"""The recorded cases and their drivers. They live beside the checkout, or where CONFORMANCE_DIR
says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.modules import ROOT
from tests.support.product import Product

FEATURES = (
    "basics",
    "sequential",
    "parallel",
    "foreach",
    "if_switch",
    "allow_failure",
    "errors",
    "disabled",
)


def conformance_folder() -> Path:
    """Skips the test where there is none."""
    folder = Path(os.environ.get("CONFORMANCE_DIR") or ROOT.parent / "shared" / "conformance")
    if not (folder / "run_executions.py").is_file():
        pytest.skip(f"no recorded cases in {folder}: set CONFORMANCE_DIR to their folder")
    return folder


def run_driver(name: str, *arguments: str) -> str:
    """The last line that the driver prints."""
    done = subprocess.run(
        [sys.executable, str(conformance_folder() / name), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip().splitlines()[-1]


def run_execution_cases(product: Product) -> str:
    return run_driver(
        "run_executions.py",
        *("--flows-dir", str(conformance_folder() / "flows")),
        *("--base-url", product.url),
        *("--tenant", "main"),
        *("--user", product.username),
        *("--password", product.password),
        *("--parallel", "4"),
        *(word for feature in FEATURES for word in ("--feature", feature)),
    )
