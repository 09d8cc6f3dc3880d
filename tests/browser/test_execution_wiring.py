"""The live page where each part of the server is a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.pages import session_of
from tests.support.product import Product, distributed_product
from tests.support.servers import PostgresServer, RedisServer

GATED = """id: gated
namespace: company.live
tasks:
  - id: first
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - while [ ! -e "GATE" ]; do sleep 0.1; done
"""


@pytest.fixture
def product(
    _own_postgres: PostgresServer, _own_redis: RedisServer, tmp_path: Path
) -> Iterator[Product]:
    _own_postgres.start()
    _own_redis.start()
    _own_redis.empty()
    database_url = _own_postgres.create_database("live_pages")
    with distributed_product(
        tmp_path, database_url=database_url, redis_url=_own_redis.url
    ) as running:
        yield running


def test_page_is_live_across_processes(
    product: Product, context: BrowserContext, page: Page, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    product.save_flow(GATED.replace("GATE", str(gate)))
    execution = product.call("POST", "/executions/company.live/gated").json()
    context.add_cookies([{"name": "JWT", "value": session_of(product), "url": product.url}])
    page.goto(f"{product.url}/ui/main/executions/company.live/gated/{execution['id']}/gantt")
    row = page.get_by_role("listitem")
    expect(row).to_have_attribute("data-state", "RUNNING")
    gate.touch()

    expect(row).to_have_attribute("data-state", "SUCCESS")
    expect(page.locator("#execution-head .state")).to_have_attribute("data-state", "SUCCESS")
