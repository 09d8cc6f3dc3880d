"""One flow in the browser: running it, writing it, comparing what it was."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.pages import session_of
from tests.support.product import Product, local_product

FLOW = "/ui/main/flows/edit/company.team/monthly_report"
SHOWCASE = (Path(__file__).parents[1] / "support/showcase.yaml").read_text(encoding="utf-8")
_numbers = count()


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A server that these tests change."""
    with local_product(tmp_path_factory.mktemp("flows")) as running:
        yield running


@pytest.fixture
def flow(product: Product) -> str:
    """A flow of its own for each test; its id."""
    name = f"report_{next(_numbers)}"
    product.save_flow(SHOWCASE.replace("id: monthly_report", f"id: {name}"))
    return name


@pytest.fixture
def opened(product: Product, flow: str, page: Page):
    """`opened("/editor")`: that tab of the flow."""
    page.context.add_cookies([{"name": "JWT", "value": session_of(product), "url": product.url}])

    def go(tab: str = "") -> Page:
        page.goto(f"{product.url}/ui/main/flows/edit/company.team/{flow}{tab}")
        return page

    return go


def editor(page: Page):
    page.locator(".cm-content").wait_for()
    return page.locator(".cm-content")


def write(page: Page, text: str) -> None:
    """Replaces the source at once, as a paste does: typing would be completed."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def source_of(product: Product, flow: str) -> str:
    answer = product.call("GET", f"/flows/company.team/{flow}", params={"source": "true"})
    return str(answer.json()["source"])


def test_execute_by_keyboard_with_an_error_at_its_field(product: Product, opened, flow) -> None:
    page = opened()
    page.locator("k-execute:defined").wait_for()
    page.keyboard.press("Control+e")
    dialog = page.get_by_role("dialog", name="Execute")
    dialog.get_by_label("limit").fill("many")
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_label("limit")).to_have_attribute("aria-invalid", "true")
    expect(dialog).to_contain_text("It must be a whole number")
    expect(dialog.get_by_label("limit")).to_be_focused()

    dialog.get_by_label("limit").fill("7")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(rf"/ui/main/executions/company\.team/{flow}/\w+"))
    run = page.url.rsplit("/", 1)[1]
    assert product.call("GET", f"/executions/{run}").json()["inputs"]["limit"] == 7


def test_field_comes_with_its_condition_and_the_dialog_stays(opened) -> None:
    page = opened()
    page.get_by_role("link", name="Execute").first.click()
    dialog = page.get_by_role("dialog", name="Execute")
    expect(dialog.get_by_label("recipient")).to_have_count(0)
    dialog.get_by_label("true").check()
    expect(dialog.get_by_label("recipient")).to_be_visible()
    expect(dialog.get_by_label("limit")).to_have_value("10")
    page.get_by_role("button", name="Execute").wait_for()
    dialog.get_by_text("Cancel").click()
    expect(dialog).to_be_hidden()


def test_type_is_completed_with_what_it_needs(opened) -> None:
    page = opened("/editor")
    write(page, "id: a\nnamespace: company.team\ntasks:\n  - id: one\n    type: ")
    page.keyboard.type("flow.If")
    option = page.get_by_role("option", name="io.kestra.plugin.core.flow.If")
    expect(option).to_be_visible()
    page.wait_for_function("() => document.querySelector('[aria-selected=true]') !== null")
    option.click()

    expect(editor(page)).to_contain_text("condition:")
    expect(editor(page)).to_contain_text("then:")


def test_name_is_completed_inside_an_expression(opened) -> None:
    page = opened("/editor")
    editor(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type('description2: "{{ inputs.mo')
    expect(page.get_by_role("option", name="inputs.month")).to_be_visible()
    page.keyboard.press("Enter")

    expect(editor(page)).to_contain_text("{{ inputs.month")


def test_problem_is_listed_and_leads_to_its_line(opened) -> None:
    page = opened("/editor")
    expect(page.get_by_role("status").filter(has_text="No problems")).to_be_visible()
    write(page, SHOWCASE.replace("core.debug.Return", "core.debug.Retrn"))
    problem = page.locator(".editor-problems button").first
    expect(problem).to_contain_text("Retrn")
    expect(page.locator(".cm-lintRange-error")).not_to_have_count(0)
    problem.click()

    expect(page.locator(".cm-activeLine")).to_contain_text("Retrn")


def test_topology_follows_the_source(opened) -> None:
    page = opened("/editor")
    nodes = page.locator(".editor-beside .topology-node")
    expect(nodes).to_have_count(14)
    write(page, SHOWCASE.replace("  - id: send\n", "  - id: dispatch\n"))

    expect(page.locator(".topology-node[data-task=dispatch]")).to_have_count(1)
    expect(page.locator(".topology-node[data-task=send]")).to_have_count(0)


def test_save_by_keyboard(product: Product, opened, flow) -> None:
    page = opened("/editor")
    text = source_of(product, flow).replace("currency: EUR", "currency: CHF")
    write(page, text)
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Revision 2 is saved.")).to_be_visible()
    assert "currency: CHF" in source_of(product, flow)

    page.keyboard.press("Control+s")
    expect(page.get_by_text("Nothing has changed.")).to_be_visible()
    page.reload()
    editor(page)
    expect(page.locator(".editor-note")).to_have_count(0)


def test_other_id_is_refused_in_words(opened) -> None:
    page = opened("/editor")
    write(page, SHOWCASE)
    page.keyboard.press("Control+s")

    expect(page.get_by_role("alert")).to_contain_text("The id of a flow cannot change")


def test_draft_survives_a_reload(opened) -> None:
    page = opened("/editor")
    page.on("dialog", lambda dialog: dialog.accept())
    write(page, SHOWCASE.replace("currency: EUR", "currency: JPY"))
    expect(page.locator("k-editor[data-dirty]")).to_have_count(1)
    page.wait_for_function(
        "() => Object.keys(localStorage).some((key) => key.startsWith('draft:'))"
    )
    page.reload()
    expect(page.locator(".editor-note")).to_contain_text("not saved")
    expect(editor(page)).not_to_contain_text("JPY")
    page.get_by_role("button", name="Continue editing").click()

    expect(editor(page)).to_contain_text("JPY")


def test_newer_revision_is_not_overwritten_unseen(product: Product, opened, flow) -> None:
    page = opened("/editor")
    editor(page)
    mine = source_of(product, flow).replace("currency: EUR", "currency: GBP")
    theirs = source_of(product, flow).replace("currency: EUR", "currency: SEK")
    answer = product.call(
        "PUT", f"/flows/company.team/{flow}", content=theirs,
        headers={"Content-Type": "application/x-yaml"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    write(page, mine)
    page.keyboard.press("Control+s")
    note = page.locator(".editor-note")
    expect(note).to_contain_text("Revision 2 was saved meanwhile")
    assert "currency: SEK" in source_of(product, flow)
    note.get_by_role("button", name="Save over it").click()
    expect(page.get_by_text("Revision 3 is saved.")).to_be_visible()

    assert "currency: GBP" in source_of(product, flow)


def test_revisions_are_compared_and_restored(product: Product, opened, flow) -> None:
    first = source_of(product, flow)
    product.call(
        "PUT", f"/flows/company.team/{flow}", content=first.replace("EUR", "NOK"),
        headers={"Content-Type": "application/x-yaml"},
    )  # fmt: skip
    page = opened("/revisions")
    expect(page.locator(".cm-merge-a")).to_contain_text("EUR")
    expect(page.locator(".cm-merge-b")).to_contain_text("NOK")
    page.get_by_label("Compare").first.select_option("2")
    expect(page).to_have_url(re.compile("left=2"))
    page.go_back()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Revision 1 is back, as revision 3.")).to_be_visible()

    assert source_of(product, flow) == first


def test_new_flow_is_written(product: Product, opened) -> None:
    page = opened()
    page.goto(f"{product.url}/ui/main/flows/new")
    name = f"fresh_{next(_numbers)}"
    write(page, SHOWCASE.replace("id: monthly_report", f"id: {name}"))
    page.keyboard.press("Control+s")

    expect(page).to_have_url(re.compile(f"/flows/edit/company.team/{name}/editor$"))
    expect(page.get_by_text(f"company.team.{name} is saved.")).to_be_visible()


def test_topology_of_a_thousand_tasks_is_drawn(product: Product, opened) -> None:
    tasks = "".join(
        f"  - id: group{group}\n    type: io.kestra.plugin.core.flow.Parallel\n    tasks:\n"
        + "".join(
            f"      - {{id: t{group}_{number}, type: io.kestra.plugin.core.log.Log, message: x}}\n"
            for number in range(10)
        )
        for group in range(100)
    )
    product.save_flow(f"id: large\nnamespace: company.team\ntasks:\n{tasks}")
    page = opened()
    page.goto(f"{product.url}/ui/main/flows/edit/company.team/large/topology")

    expect(page.locator(".topology-node")).to_have_count(1100)
    expect(page.locator(".topology-box")).to_have_count(100)


def test_editor_is_a_form_when_scripts_fail(product: Product, opened, flow, browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "JWT", "value": session_of(product), "url": product.url}])
    page = context.new_page()
    page.goto(f"{product.url}/ui/main/flows/edit/company.team/{flow}/editor")
    text = source_of(product, flow).replace("currency: EUR", "currency: DKK")
    page.get_by_label("Source of the flow").fill(text)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile("/editor$"))
    context.close()

    assert source_of(product, flow) == text
