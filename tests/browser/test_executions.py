"""What people do with executions: find one, watch it, read why it failed, look at what came out."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.pages import server_for, session_of
from tests.support.product import Product, state_of

LOOP = """id: loop
namespace: company.live
inputs:
  - {id: day, type: STRING, defaults: monday}
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: [north, south]
    tasks:
      - {id: load, type: io.kestra.plugin.core.debug.Return, format: "{{ taskrun.value }}"}
  - id: write
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    outputFiles: ["*.csv"]
    commands:
      - printf 'name,count\\napples,3\\n' > stock.csv
"""
GATED = """id: gated
namespace: company.live
tasks:
  - id: first
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - echo waiting at the gate
      - while [ ! -e "GATE" ]; do sleep 0.1; done
      - echo through the gate
  - {id: second, type: io.kestra.plugin.core.debug.Return, format: done}
"""
FAILING = """id: failing
namespace: company.live
tasks:
  - {id: before, type: io.kestra.plugin.core.log.Log, message: all is well}
  - {id: load, type: io.kestra.plugin.core.execution.Fail, errorMessage: no table orders}
"""
MANY_LINES = """id: chatty
namespace: company.live
tasks:
  - id: talk
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - seq 1 3000 | sed 's/^/line number /'
      - printf '\\033[32mgreen\\033[0m words\\n'
"""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with server_for("executions", tmp_path_factory.mktemp("executions")) as running:
        for source in (LOOP, FAILING, MANY_LINES):
            running.save_flow(source)
        yield running


@pytest.fixture
def open_page(context: BrowserContext, page: Page, product: Product) -> Callable[[str], Page]:
    cookie = session_of(product)
    context.add_cookies([{"name": "JWT", "value": cookie, "url": product.url}])

    def go(path: str) -> Page:
        page.goto(f"{product.url}/ui/main/executions{path}")
        return page

    return go


def path_of(execution: dict, tab: str = "") -> str:
    return f"/{execution['namespace']}/{execution['flowId']}/{execution['id']}{tab}"


@pytest.fixture
def gated(product: Product, tmp_path: Path) -> tuple[dict, Path]:
    """An execution that runs until the file is there."""
    gate = tmp_path / "gate"
    source = GATED.replace("GATE", str(gate))
    product.call("DELETE", "/flows/company.live/gated")
    product.save_flow(source)
    answer = product.call("POST", "/executions/company.live/gated")
    assert answer.status_code == 200, answer.text
    return answer.json(), gate


def test_list_leads_to_the_execution_and_filters_by_state(
    product: Product, open_page: Callable[[str], Page]
) -> None:
    failed = product.run("company.live/failing")
    product.run("company.live/loop")
    page = open_page("")
    page.locator("k-filter-bar:defined").wait_for()
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_label("Field").select_option("state")
    page.get_by_label("Value", exact=True).fill("FAILED")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(f"tr[id='{failed['id']}']")).to_be_visible()
    expect(page.locator("tbody .state[data-state=SUCCESS]")).to_have_count(0)
    page.locator(f"tr[id='{failed['id']}'] a[data-row]").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(failed["id"][:8])


def test_failed_execution_says_why_first(
    product: Product, open_page: Callable[[str], Page]
) -> None:
    page = open_page(path_of(product.run("company.live/failing")))
    box = page.get_by_role("region", name="Task load failed")
    expect(box).to_contain_text("no table orders")
    box.get_by_role("link", name="Log of this task").click()

    expect(page.locator(".log-line[data-level=ERROR]").first).to_contain_text("no table orders")
    expect(page.locator(".log-frame")).not_to_contain_text("all is well")


def test_running_execution_is_shown_live_to_its_end(
    gated: tuple[dict, Path], open_page: Callable[[str], Page]
) -> None:
    execution, gate = gated
    page = open_page(path_of(execution))
    head = page.locator("#execution-head")
    expect(head.locator(".state[data-state=RUNNING]")).to_be_visible()
    gate.touch()

    expect(head.locator(".state[data-state=SUCCESS]")).to_be_visible()
    expect(head.get_by_role("button", name="Execute again")).to_be_visible()
    expect(page.locator("#execution-overview")).to_contain_text("Ended")


def test_log_follows_what_is_written(
    gated: tuple[dict, Path], open_page: Callable[[str], Page]
) -> None:
    execution, gate = gated
    page = open_page(path_of(execution, "/logs"))
    expect(page.locator(".log-frame")).to_contain_text("waiting at the gate")
    expect(page.get_by_role("button", name="Follow")).to_have_attribute("aria-pressed", "true")
    gate.touch()

    expect(page.locator(".log-frame")).to_contain_text("through the gate")


def test_gantt_shows_task_runs_as_they_come(
    gated: tuple[dict, Path], open_page: Callable[[str], Page]
) -> None:
    execution, gate = gated
    page = open_page(path_of(execution, "/gantt"))
    rows = page.get_by_role("listitem")
    expect(rows).to_have_count(1)
    expect(rows.first).to_have_attribute("data-state", "RUNNING")
    gate.touch()
    expect(rows).to_have_count(2)
    expect(rows.first).to_have_attribute("data-state", "SUCCESS")
    rows.first.get_by_role("link").click()

    expect(page).to_have_url(re.compile(r"/logs\?taskRunId="))


def test_topology_shows_states_as_they_change(
    gated: tuple[dict, Path], open_page: Callable[[str], Page]
) -> None:
    execution, gate = gated
    page = open_page(path_of(execution, "/topology"))
    expect(page.locator("[data-task=first][data-state=RUNNING]")).to_be_visible()
    gate.touch()
    expect(page.locator("[data-task=second][data-state=SUCCESS]")).to_be_visible()
    page.locator("[data-task=first]").click()
    page.get_by_role("link", name="Log of this task").click()

    expect(page.locator(".log-frame")).to_contain_text("through the gate")


def test_execution_is_killed_from_its_page(
    gated: tuple[dict, Path], open_page: Callable[[str], Page]
) -> None:
    page = open_page(path_of(gated[0]))
    head = page.locator("#execution-head")
    expect(head.locator(".state[data-state=RUNNING]")).to_be_visible()
    head.locator("summary", has_text="Kill").click()
    page.get_by_role("button", name="Kill only this one").click()

    expect(head.locator(".state[data-state=KILLED]")).to_be_visible()


def test_long_log_comes_by_pages_and_is_searched(
    product: Product, open_page: Callable[[str], Page]
) -> None:
    page = open_page(path_of(product.run("company.live/chatty"), "/logs"))
    frame = page.locator(".log-frame")
    expect(frame).to_contain_text("line number 1")
    frame.focus()
    page.keyboard.press("End")
    expect(frame).to_contain_text("line number 3000")
    expect(frame.locator(".ansi-green-fg")).to_have_text("green")
    assert page.locator(".log-line").count() < 80

    page.get_by_role("searchbox", name="Search the log").fill("number 1234")
    expect(page.locator("[data-count]")).to_have_text("1 line")
    page.locator("a.log-number").click()
    assert re.search(r"#line-\d+$", page.url)
    page.reload()

    expect(page.locator(".log-line[data-marked]")).to_contain_text("line number 1234")


def test_error_is_jumped_to(product: Product, open_page: Callable[[str], Page]) -> None:
    page = open_page(path_of(product.run("company.live/failing"), "/logs"))
    expect(page.locator(".log-frame")).to_contain_text("all is well")
    page.get_by_role("button", name="Next error").click()

    expect(page.locator(".log-line[data-marked]")).to_have_attribute("data-level", "ERROR")


def test_outputs_are_walked_through_to_a_file_and_an_expression(
    product: Product, open_page: Callable[[str], Page]
) -> None:
    execution = product.run("company.live/loop")
    assert state_of(execution) == "SUCCESS", execution
    page = open_page(path_of(execution, "/outputs"))
    columns = page.locator(".outputs-columns")
    columns.get_by_role("button", name="load").click()
    columns.get_by_role("button", name="south").click()
    columns.get_by_role("button", name="value").click()
    expect(columns.locator(".outputs-text")).to_have_text("south")
    expect(columns.locator(".outputs-path")).to_have_text("{{ outputs.load.south.value }}")

    columns.get_by_role("button", name="write").focus()
    for key in ("Enter", "ArrowRight"):
        page.keyboard.press(key)
        page.wait_for_load_state("networkidle")
    columns.get_by_role("button", name="outputFiles").click()
    columns.get_by_role("button", name="stock.csv").click()
    columns.get_by_role("button", name="Preview").click()
    expect(columns.get_by_role("cell", name="apples")).to_be_visible()
    with page.expect_download() as download:
        columns.get_by_role("link", name="Download").click()
    assert download.value.path().read_text() == "name,count\napples,3\n"

    page.get_by_label("Expression").fill("{{ inputs.day | upper }}")
    page.get_by_role("button", name="Render").click()
    expect(page.get_by_label("Result")).to_have_text("MONDAY")


def test_execution_is_done_again_with_the_same_inputs(
    product: Product, open_page: Callable[[str], Page]
) -> None:
    first = product.run("company.live/loop", {"day": "friday"})
    page = open_page(path_of(first))
    page.get_by_role("button", name="Execute again").click()
    page.wait_for_url(lambda url: first["id"] not in url)

    expect(page.locator("#execution-overview")).to_contain_text("friday")
