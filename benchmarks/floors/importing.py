"""The libraries that the embedded server stands on, imported and set up and nothing else: what it
takes in time and memory before a line of the product runs."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import ROOT, product_environment

_PROGRAM = """\
import django
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
django.setup()
import django.core.handlers.asgi
import rest_framework.views, rest_framework.viewsets
import channels.routing, channels.generic.websocket
import uvicorn, uvloop, httptools, websockets
import pydantic, yaml, jinja2.sandbox, orjson, cryptography.hazmat.primitives.ciphers.aead
import typer
from pathlib import Path
line = next(l for l in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in l)
print(int(line.split()[1]) * 1024 / 1e6)
"""


@dataclass(frozen=True, slots=True)
class BareImport:
    seconds: float
    memory_mb: float


def bare_import(rounds: int = 5) -> BareImport:
    """Medians, after one round that writes the byte code."""
    found = [_one() for _ in range(rounds + 1)][1:]
    return BareImport(
        statistics.median(each.seconds for each in found),
        statistics.median(each.memory_mb for each in found),
    )


def _one() -> BareImport:
    started = time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", _PROGRAM],
        env=product_environment(Path(ROOT)),
        stdout=subprocess.PIPE,
        check=True,
    )
    return BareImport(time.perf_counter() - started, float(json.loads(done.stdout)))
