"""What people do with the log lines of all executions."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.pages import Shown


def test_errors_are_found_and_downloaded(visit: Callable[[Shown], Page]) -> None:
    page = visit(Shown("logs", "/ui/main/logs"))
    page.locator("k-filter-bar:defined").wait_for()
    lines = page.get_by_role("list", name="Log lines, newest first").get_by_role("listitem")
    expect(lines).to_have_count(25)
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Field").select_option("level")
    page.get_by_label("Value").fill("ERROR")
    page.get_by_role("button", name="Apply").click()
    expect(page).to_have_url(re.compile("level"))
    expect(lines.first).to_contain_text("The supplier did not answer.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()

    text = download.value.path().read_text(encoding="utf-8")
    assert "ERROR The supplier did not answer." in text
    assert "Done." not in text


def test_line_leads_to_its_execution(visit: Callable[[Shown], Page]) -> None:
    page = visit(Shown("logs", "/ui/main/logs?q=supplier"))
    link = page.get_by_role("link", name=re.compile("^execution")).first
    address = link.get_attribute("href")
    assert address is not None
    link.click()

    expect(page).to_have_url(re.compile(re.escape(address)))
