"""The small pieces: icons, states, times, static files."""

import asyncio
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template import engines
from django.utils import timezone

from common.clock import from_iso, now
from plugins.contracts.state import State
from ui import icons, moments, static_files
from ui.states import STATE_ICONS, STATE_WORDS

ROOT = Path(__file__).resolve().parents[2]


def test_every_state_has_icon_word_and_colour():
    css = (ROOT / "frontend/src/styles/components/states.css").read_text()
    coloured = set(re.findall(r'\[data-state="(\w+)"\] \{ --light', css))

    assert set(STATE_ICONS) == set(STATE_WORDS) == coloured == {state.value for state in State}


def test_every_icon_of_templates_was_found_by_the_build():
    used = {
        name
        for file in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "([a-z0-9-]+)"', file.read_text())
    }

    assert used | set(STATE_ICONS.values()) <= set(icons._icons())


def test_every_template_compiles():
    for file in (ROOT / "templates").rglob("*.html"):
        engines["django"].get_template(str(file.relative_to(ROOT / "templates")))


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "now"),
        (timedelta(minutes=5, seconds=2), "5 minutes ago"),
        (timedelta(days=-3, minutes=-1), "in 3 days"),
    ],
)
def test_times_are_told_relative(ago, words):
    assert moments.relative(now() - ago) == words


def test_exact_time_is_in_the_callers_zone():
    with timezone.override("Asia/Kathmandu"):
        assert moments.exact(from_iso("2026-01-01T00:00:00Z")) == "2026-01-01 05:45:00 +0545"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(seconds=0.44), "0.4s"),
        (timedelta(seconds=41), "41s"),
        (timedelta(seconds=221), "3m 41s"),
        (timedelta(hours=2, minutes=5), "2h 5m"),
        (timedelta(days=4, hours=3), "4d 3h"),
    ],
)
def test_durations_in_words(value, words):
    assert moments.duration(value) == words


def fetch(path, *headers):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"path": path, "method": "GET", "headers": list(headers)}
    asyncio.run(static_files.serve_static(scope, None, send))
    return sent[0]["status"], dict(sent[0]["headers"]), sent[1]["body"]


def test_script_is_sent_packed_and_kept_for_ever():
    (script,) = (ROOT / "static/ui/assets").glob("main-*.js")

    status, headers, body = fetch(f"/static/ui/assets/{script.name}", (b"accept-encoding", b"gzip"))

    assert (status, headers[b"content-encoding"]) == (200, b"gzip")
    assert b"immutable" in headers[b"cache-control"]
    assert len(body) < script.stat().st_size


@pytest.mark.parametrize("path", ["/static/ui/../../manage.py", "/static/ui/none.js"])
def test_what_is_no_static_file_is_not_found(path):
    assert fetch(path)[0] == 404
