"""The pattern of lists, on the list of flows."""

import re

from playwright.sync_api import Page, Route, expect

from tests.support.pages import EXAMPLES, Shown


def names(page: Page) -> list[str]:
    return page.locator("tbody .row-name").all_inner_texts()


def test_typing_searches_and_the_back_button_goes_back(flows: Page) -> None:
    assert len(names(flows)) == len(EXAMPLES)
    flows.get_by_role("searchbox").press_sequentially("stock")
    expect(flows).to_have_url(re.compile(r"\?q=stock$"))
    expect(flows.locator("tbody tr")).to_have_count(1)
    expect(flows.get_by_role("searchbox")).to_be_focused()
    flows.go_back()

    expect(flows.locator("tbody tr")).to_have_count(len(EXAMPLES))


def test_filter_is_added_changed_and_removed(flows: Page) -> None:
    flows.get_by_role("button", name="Filter", exact=True).click()
    flows.get_by_label("Field").select_option("namespace")
    flows.get_by_label("Value").fill("company.data")
    flows.get_by_role("button", name="Apply").click()
    expect(flows.locator("tbody tr")).to_have_count(3)

    flows.get_by_role("button", name="Change the filter: Namespace").click()
    expect(flows.get_by_label("Value")).to_have_value("company.data")
    flows.get_by_label("Value").fill("company.finance")
    flows.keyboard.press("Enter")
    expect(flows.locator("tbody tr")).to_have_count(2)

    flows.get_by_role("link", name="Remove the filter Namespace").click()
    expect(flows.locator("tbody tr")).to_have_count(len(EXAMPLES))


def test_heading_sorts(flows: Page) -> None:
    flows.get_by_role("link", name="Flow", exact=True).click()
    expect(flows.get_by_role("columnheader", name="Flow")).to_have_attribute(
        "aria-sort", "ascending"
    )

    assert names(flows) == sorted(example.id for example in EXAMPLES)


def test_selection_shows_the_bulk_bar_with_its_count(flows: Page) -> None:
    bar = flows.locator("[data-bulk]")
    expect(bar).to_be_hidden()
    flows.get_by_label("Select cleanup").check()
    expect(bar).to_contain_text("1 selected")
    flows.get_by_label("Select all rows").check()
    expect(bar).to_contain_text(f"{len(EXAMPLES)} selected")
    flows.get_by_role("button", name="Delete").click()
    dialog = flows.get_by_role("dialog", name="Delete the selected flows?")
    expect(dialog).to_contain_text(f"{len(EXAMPLES)} selected")
    flows.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    flows.get_by_role("button", name="Clear the selection").click()

    expect(bar).to_be_hidden()


def test_what_is_typed_before_the_script_is_there_is_searched(visit) -> None:
    page = visit(Shown("sign-in", "/ui/login"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/filter-bar-*.js", hold)
    with page.expect_request("**/filter-bar-*.js"):
        page.goto(page.url.replace("login", "main/flows"), wait_until="commit")
    page.get_by_role("searchbox").fill("stock")
    for route in held:
        route.continue_()

    expect(page.locator("tbody tr")).to_have_count(1)
