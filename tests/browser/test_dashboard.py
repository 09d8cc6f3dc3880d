"""What people do on the dashboard."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.pages import Shown


def test_chart_is_drawn_and_told_as_a_table(visit: Callable[[Shown], Page]) -> None:
    page = visit(Shown("dashboard", "/ui/main/dashboard"))
    expect(page.locator("k-chart canvas")).to_be_visible()
    page.get_by_text("View as table").click()
    table = page.get_by_role("region", name="Executions over time as a table")
    expect(table.get_by_role("columnheader", name="Failed")).to_be_visible()
    table.get_by_role("row").last.get_by_role("link").click()

    expect(page).to_have_url(re.compile("/ui/main/executions.*startDate"))


def test_filters_stand_in_the_address(visit: Callable[[Shown], Page]) -> None:
    page = visit(Shown("dashboard", "/ui/main/dashboard"))
    page.get_by_role("combobox", name="Namespace").fill("company.shop")
    page.get_by_role("combobox", name="Namespace").press("Enter")
    expect(page).to_have_url(re.compile("namespace=company.shop"))
    expect(page.get_by_role("link", name="company.data", exact=True)).to_have_count(0)
    page.get_by_role("combobox", name="Time", exact=True).select_option("PT24H")
    expect(page).to_have_url(re.compile("timeRange=PT24H"))
    page.reload()
    expect(page.get_by_role("combobox", name="Time", exact=True)).to_have_value("PT24H")
    expect(page.locator("k-chart canvas")).to_be_visible()
    page.get_by_role("link", name="Clear").click()

    expect(page.get_by_role("link", name="company.data", exact=True)).to_be_visible()


def test_home_is_the_dashboard(visit: Callable[[Shown], Page]) -> None:
    page = visit(Shown("home", "/ui/"))

    expect(page.get_by_role("heading", name="Executions over time")).to_be_visible()
