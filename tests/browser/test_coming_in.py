"""How people come in: by the link that the server prints, by the set-up, by password."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.pages import NO_USER
from tests.support.product import PASSWORD, USERNAME, local_product


def test_printed_link_signs_in_and_the_first_flow_is_saved(page: Page, tmp_path: Path) -> None:
    with local_product(tmp_path, **NO_USER) as product:
        product.server.wait_until_said("/ui/login/link/")
        link = re.search(r"http\S+/ui/login/link/\S+", product.server.output)
        assert link is not None

        page.goto(link[0])
        expect(page.get_by_role("heading", name="Run something in a minute")).to_be_visible()
        page.get_by_role("button", name="Save this flow").click()

        expect(page.get_by_role("status")).to_contain_text("company.team.hello_world is saved.")
        expect(page.get_by_role("cell", name="hello_world", exact=True)).to_be_visible()
        page.context.clear_cookies()
        page.goto(link[0])
        expect(page.get_by_role("alert")).to_contain_text("used already")


def test_set_up_makes_the_first_user(page: Page, tmp_path: Path) -> None:
    with local_product(tmp_path, **NO_USER) as product:
        page.goto(product.url)
        expect(page.get_by_role("heading", name="Set up this server")).to_be_visible()
        page.get_by_label("Name").fill("Acme")
        page.get_by_label("E-mail").fill(USERNAME)
        page.get_by_label("Password", exact=True).fill("short")
        page.get_by_label("Password again").fill("short")
        page.get_by_role("button", name="Make them and sign in").click()
        expect(page.get_by_text("the password needs at least")).to_be_visible()

        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make them and sign in").click()

        expect(page).to_have_url(f"{product.url}/ui/main/welcome")


def test_password_signs_in_and_out(page: Page, server_of) -> None:
    url = server_of("full").url
    page.goto(f"{url}/ui/main/flows?q=etl")
    page.get_by_label("E-mail").fill(USERNAME)
    page.get_by_label("Password").fill("guess")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Wrong user name or password.")).to_be_visible()

    page.get_by_label("E-mail").fill(USERNAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{url}/ui/main/flows?q=etl")

    page.locator("summary", has_text=USERNAME).click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_contain_text("You are signed out.")
    page.goto(f"{url}/ui/main/flows")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
