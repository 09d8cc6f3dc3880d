"""What people do in a namespace: find it, keep values, edit files."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.pages import EXAMPLES, session_of
from tests.support.product import Product, local_product

ONE = "/ui/main/namespaces/edit/company.data"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A server of our own: these tests change what is in it."""
    with local_product(tmp_path_factory.mktemp("namespaces")) as running:
        for example in EXAMPLES:
            running.save_flow(example.source())
        yield running


@pytest.fixture
def go(context: BrowserContext, page: Page, product: Product) -> Callable[[str], Page]:
    cookie = session_of(product)
    context.add_cookies([{"name": "JWT", "value": cookie, "url": product.url}])

    def open_page(path: str) -> Page:
        page.goto(product.url + path)
        return page

    return open_page


def test_namespace_is_found_in_the_tree(go: Callable[[str], Page]) -> None:
    page = go("/ui/main/namespaces")
    page.get_by_role("searchbox").press_sequentially("orders")
    expect(page.get_by_role("link", name="marketing")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"q=orders$"))
    page.get_by_role("link", name="orders").click()
    page.get_by_role("link", name="Flows").nth(1).click()

    expect(page.get_by_role("link", name="orders_import")).to_be_visible()


def test_key_is_added_corrected_edited_and_deleted(go: Callable[[str], Page]) -> None:
    page = go(f"{ONE}/kv")
    page.get_by_role("button", name="Add a key").click()
    page.get_by_role("textbox", name="Key").fill("limit")
    page.get_by_label("Type").select_option("NUMBER")
    expect(page.get_by_text("Such as 42 or 1.5")).to_be_visible()
    page.get_by_role("textbox", name="Value").fill("many")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("'many' is not a NUMBER value")).to_be_visible()
    page.get_by_role("textbox", name="Value").fill("42")
    page.get_by_label("Time to live").fill("P30D")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Key limit is saved.")

    page.get_by_role("button", name="limit").click()
    expect(page.get_by_role("textbox", name="Value")).to_have_value("42")
    page.get_by_role("textbox", name="Value").fill("43")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="2", exact=True)).to_be_visible()

    page.get_by_label("Select limit").check()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No keys yet")).to_be_visible()


def test_file_is_written_saved_by_key_and_renamed(go: Callable[[str], Page]) -> None:
    page = go(f"{ONE}/files")
    page.get_by_role("button", name="New file").first.click()
    page.get_by_role("textbox", name="Name").fill("sql/orders.yml")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    editor = page.locator(".cm-content[aria-label='Content of sql/orders.yml']")
    editor.click()
    page.keyboard.type("table: orders")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("status")).to_contain_text("sql/orders.yml is saved.")
    expect(editor).to_contain_text("table: orders")

    page.get_by_role("button", name="Rename or move").click()
    page.get_by_label("New path").fill("sql/sales.yml")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(page.get_by_role("link", name="sales.yml")).to_be_visible()


def test_what_was_typed_is_not_lost_without_a_question(go: Callable[[str], Page]) -> None:
    page = go(f"{ONE}/files")
    page.get_by_role("button", name="New file").first.click()
    page.get_by_role("textbox", name="Name").fill("draft.md")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.locator(".cm-content").click()
    page.keyboard.type("half a thought")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="All files").click()
    expect(page.locator(".cm-content")).to_contain_text("half")

    assert asked == ["beforeunload"]


def test_files_are_uploaded_and_folders_opened(go: Callable[[str], Page], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n", encoding="utf-8")
    page = go(f"{ONE}/files")
    page.get_by_role("button", name="New folder").first.click()
    page.get_by_role("textbox", name="Name").fill("data")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Upload files").first.click()
    page.get_by_label("Files", exact=True).set_input_files(tmp_path / "a.csv")
    page.get_by_role("dialog").get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status")).to_contain_text("1 file uploaded.")

    page.get_by_role("link", name="All files").click()
    tree = page.get_by_role("navigation", name="Files of the namespace")
    expect(tree.get_by_role("link", name="a.csv")).to_be_hidden()
    tree.locator("summary", has_text="data").locator("svg").first.click()
    expect(tree.get_by_role("link", name="a.csv")).to_be_visible()
