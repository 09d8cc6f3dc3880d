"""What people do with the documentation of types."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.support.pages import Shown


def test_type_is_searched_read_and_its_example_copied(
    context: BrowserContext, visit: Callable[[Shown], Page]
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = visit(Shown("plugins", "/ui/main/plugins"))
    page.get_by_role("searchbox").press_sequentially("schedule")
    expect(page.get_by_text("1 type", exact=True)).to_be_visible()
    page.get_by_role("link", name="Schedule").click()
    expect(page.get_by_role("heading", name="Properties")).to_be_visible()
    expect(page.get_by_text("cron", exact=True).first).to_be_visible()
    page.locator("k-copy:defined").first.wait_for()
    page.get_by_role("button", name="Copy: ").first.click()
    expect(page.get_by_role("status").filter(has_text="Copied.")).to_be_visible()

    assert "io.kestra.plugin.core.trigger.Schedule" in page.evaluate(
        "() => navigator.clipboard.readText()"
    )
