"""What is around every page: palette, theme, sidebar, keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import Shown

DARK = "rgb(14, 15, 18)"
LIGHT = "rgb(247, 247, 248)"


def background(page: Page) -> str:
    found: str = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
    return found


def test_palette_finds_a_flow_by_keyboard(flows: Page) -> None:
    flows.keyboard.press("Control+k")
    field = flows.get_by_role("combobox", name="Search pages")
    expect(field).to_be_focused()
    field.fill("stock")
    expect(flows.get_by_role("option")).to_have_text([re.compile("stock_levels")])
    flows.keyboard.press("Enter")

    expect(flows).to_have_url(re.compile(r"/flows/edit/company\.shop/stock_levels$"))


def test_palette_closes_with_escape_and_opens_again(flows: Page) -> None:
    dialog = flows.get_by_role("dialog", name="Search")
    for _ in range(2):
        flows.keyboard.press("Control+k")
        expect(dialog).to_be_visible()
        flows.keyboard.press("Escape")
        expect(dialog).to_be_hidden()


def test_theme_is_kept_and_there_before_any_script(flows: Page) -> None:
    flows.locator(".sidebar-foot summary").click()
    with flows.expect_response(lambda answer: answer.url.endswith("/settings")) as kept:
        flows.get_by_role("button", name="Dark").click()
    assert kept.value.status == 204
    assert background(flows) == DARK

    flows.route("**/*.js", lambda route: route.abort())
    flows.reload()
    assert background(flows) == DARK
    flows.unroute("**/*.js")
    flows.reload()
    flows.locator(".sidebar-foot summary").click()
    with flows.expect_response(lambda answer: answer.url.endswith("/settings")):
        flows.get_by_role("button", name="System").click()


@pytest.mark.parametrize(("system", "colour"), [("dark", DARK), ("light", LIGHT)])
def test_theme_follows_the_system_until_one_is_chosen(
    flows: Page, system: str, colour: str
) -> None:
    flows.emulate_media(color_scheme=system)

    assert background(flows) == colour


def test_narrow_sidebar_is_remembered(flows: Page) -> None:
    flows.get_by_role("button", name="Collapse").click()
    flows.reload()

    expect(flows.locator("html")).to_have_attribute("data-sidebar", "folded")
    expect(flows.get_by_role("link", name="Flows")).to_be_visible()


def test_sidebar_of_a_small_screen_is_a_sheet(flows: Page) -> None:
    flows.set_viewport_size({"width": 390, "height": 844})
    entry = flows.get_by_role("link", name="Flows")
    expect(entry).to_be_hidden()
    flows.get_by_role("button", name="Open the menu").click()
    expect(entry).to_be_visible()
    flows.keyboard.press("Escape")

    expect(entry).to_be_hidden()
    expect(flows.get_by_role("button", name="Open the menu")).to_be_focused()


def test_keyboard_reaches_content_menu_and_search(flows: Page) -> None:
    flows.keyboard.press("Tab")
    expect(flows.get_by_role("link", name="Skip to the content")).to_be_focused()
    flows.keyboard.press("Enter")
    expect(flows.locator("main")).to_be_focused()
    flows.keyboard.press("Tab")
    expect(flows.get_by_role("searchbox")).to_be_focused()

    menu = flows.locator(".sidebar-foot summary")
    menu.focus()
    flows.keyboard.press("Enter")
    flows.keyboard.press("ArrowDown")
    expect(flows.get_by_role("button", name="Light")).to_be_focused()
    flows.keyboard.press("Escape")
    expect(menu).to_be_focused()


def test_typed_text_is_not_lost_without_a_question(visit) -> None:
    page = visit(Shown("welcome", "/ui/main/welcome", server="empty"))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_label("hello_world.yaml").press_sequentially("# mine")
    page.goto(page.url.replace("welcome", "flows"))

    assert asked == ["beforeunload"]
