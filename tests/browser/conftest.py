"""A real Chromium against real servers: one for each kind that `tests.support.pages` knows."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.pages import Shown, path_on, server_for, session_of
from tests.support.parts import find_chromium
from tests.support.product import Product

ServerOf = Callable[[str], Product]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the machine, never a download. Ended with each module: while Playwright works, an
    event loop runs in this thread, and other tests have loops of their own."""
    program = find_chromium()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that knows nobody yet."""
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def server_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerOf]:
    """Servers that tests look at without changing them, started when first asked for."""
    running: dict[str, Product] = {}
    with ExitStack() as stack:

        def find(kind: str) -> Product:
            if kind not in running:
                folder = tmp_path_factory.mktemp(kind)
                running[kind] = stack.enter_context(server_for(kind, folder))
            return running[kind]

        yield find


@pytest.fixture(scope="session")
def sessions() -> dict[str, str]:
    """One sign-in for each server."""
    return {}


@pytest.fixture
def visit(
    context: BrowserContext, page: Page, server_of: ServerOf, sessions: dict[str, str]
) -> Callable[[Shown], Page]:
    """Opens a page as `tests.support.pages` describes it, signed in where it needs that."""

    def open_page(shown: Shown) -> Page:
        product = server_of(shown.server)
        if shown.is_signed_in:
            cookie = sessions.get(shown.server) or session_of(product)
            sessions[shown.server] = cookie
            context.add_cookies([{"name": "JWT", "value": cookie, "url": product.url}])
        page.goto(product.url + path_on(product, shown))
        return page

    return open_page


@pytest.fixture
def flows(visit: Callable[[Shown], Page]) -> Page:
    """The list of flows on a server that has some."""
    page = visit(Shown("flows", "/ui/main/flows"))
    page.locator("k-filter-bar:defined").wait_for()
    return page


@pytest.fixture(autouse=True)
def _nothing_goes_wrong_unseen(page: Page) -> Iterator[None]:
    """No error in the console, no request to another host, nothing that the policy refused."""
    seen: list[str] = []
    page.on("pageerror", lambda error: seen.append(f"error: {error}"))
    page.on(
        "console",
        lambda line: seen.append(line.text) if "Content Security Policy" in line.text else None,
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("http://127.0.0.1", "http://localhost", "data:", "blob:"))
            else seen.append(f"request: {request.url}")
        ),
    )
    yield
    assert seen == []
