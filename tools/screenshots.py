"""Every page at three widths in both themes, into docs/screenshots/: <page>-<width>-<theme>.png.

python tools/screenshots.py [PAGE ...]"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.pages import PAGES, THEMES, WIDTHS, Shown, path_on, server_for, session_of
from tests.support.product import Product

TARGET = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
_HEIGHTS = {1440: 900, 900: 900, 390: 844}


def main() -> int:
    wanted = [page for page in PAGES if not sys.argv[1:] or page.name in sys.argv[1:]]
    if not wanted:
        print(f"no such page; known: {', '.join(page.name for page in PAGES)}")
        return 1
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        print("chromium is not on the PATH: install it, or name it in CHROMIUM")
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for kind in sorted({page.server for page in wanted}):
            with server_for(kind, Path(folder) / kind) as product:
                for page in wanted:
                    if page.server == kind:
                        _shoot(browser, product, page)
        browser.close()
    return 0


def _shoot(browser: Browser, product: Product, shown: Shown) -> None:
    cookie = session_of(product) if shown.is_signed_in else ""
    for width in WIDTHS:
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": _HEIGHTS[width]},
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
                base_url=product.url,
            )
            if cookie:
                context.add_cookies([{"name": "JWT", "value": cookie, "url": product.url}])
            page = context.new_page()
            page.goto(path_on(product, shown))
            page.evaluate("() => document.fonts.ready")
            if shown.opens:
                _open(page, shown.opens)
            page.screenshot(path=TARGET / f"{shown.name}-{width}-{theme}.png")
            context.close()
    print(shown.name)


def _open(page: Page, selector: str) -> None:
    """What lies in the sidebar is behind the sheet's button on small screens."""
    target = page.locator(selector).first
    sheet = page.locator("[data-sheet-open]")
    if selector.startswith(".sidebar") and sheet.is_visible():
        sheet.click()
    target.click()
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())
