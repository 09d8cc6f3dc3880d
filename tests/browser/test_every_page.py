"""What holds for every page in both themes: axe finds nothing serious, and nothing is wider than a
small screen."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.pages import PAGES, THEMES, Shown

AXE = Path(__file__).resolve().parents[2] / "frontend/node_modules/axe-core/axe.min.js"
GRAVE = {"serious", "critical"}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_axe_finds_nothing_serious(page: Page, visit: Any, shown: Shown, theme: str) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    visit(shown)
    if shown.opens:
        page.locator(shown.opens).first.click()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run({ resultTypes: ['violations'] })")

    assert [
        (each["id"], [node["html"] for node in each["nodes"]][:3])
        for each in found["violations"]
        if each["impact"] in GRAVE
    ] == []


@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_nothing_is_wider_than_a_small_screen(page: Page, visit: Any, shown: Shown) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    visit(shown)

    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
