"""The pages of the product as the browser tests and `make screenshots` visit them, and a server
that has something to show. Who adds a page adds a line to PAGES."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.support.product import Product, local_product

NO_USER = {"KESTRA_ADMIN_USER": "", "KESTRA_ADMIN_PASSWORD": ""}
WIDTHS = (1440, 900, 390)
THEMES = ("light", "dark")


@dataclass(frozen=True)
class Shown:
    """`opens` names what is clicked or pressed before the page is looked at; `server` is `full`,
    `empty` (no flow yet) or `new` (no user yet)."""

    name: str
    path: str
    server: str = "full"
    is_signed_in: bool = True
    opens: str = ""


PAGES: tuple[Shown, ...] = (
    Shown("set-up", "/ui/setup", server="new", is_signed_in=False),
    Shown("sign-in", "/ui/login", is_signed_in=False),
    Shown("welcome", "/ui/main/welcome", server="empty"),
    Shown("flows", "/ui/main/flows"),
    Shown("flows-empty", "/ui/main/flows", server="empty"),
    Shown(
        "flows-filtered",
        "/ui/main/flows?filters[namespace][PREFIX]=company.data&filters[labels][EQUALS]=team:data",
    ),
    Shown("flows-none-found", "/ui/main/flows?q=no-such-flow"),
    Shown("flows-selected", "/ui/main/flows", opens="[data-select-all]"),
    Shown("flows-filter-editor", "/ui/main/flows", opens="[data-add-filter]"),
    Shown("palette", "/ui/main/flows", opens="[data-palette]"),
    Shown("user-menu", "/ui/main/flows", opens=".sidebar-foot summary"),
    Shown("settings", "/ui/main/settings"),
    Shown("not-found", "/ui/main/nowhere"),
)

_FLOW = """id: {id}
namespace: {namespace}
description: {description}
disabled: {disabled}
labels:
{labels}
tasks:
  - id: work
    type: io.kestra.plugin.core.{task}
    {given}
{triggers}"""
_LOG = ("log.Log", "message: Done.")
_FAIL = ("execution.Fail", "errorMessage: The supplier did not answer.")
_SCHEDULE = """triggers:
  - {id: nightly, type: io.kestra.plugin.core.trigger.Schedule, cron: "30 2 * * *"}
"""


@dataclass(frozen=True)
class Example:
    id: str
    namespace: str
    description: str
    labels: tuple[tuple[str, str], ...] = ()
    runs: int = 0
    fails: bool = False
    is_disabled: bool = False
    is_scheduled: bool = False

    def source(self) -> str:
        task, given = _FAIL if self.fails else _LOG
        lines = "\n".join(f"  {key}: {value}" for key, value in self.labels) or "  {}"
        return _FLOW.format(
            id=self.id,
            namespace=self.namespace,
            description=self.description,
            disabled=str(self.is_disabled).lower(),
            labels=lines,
            task=task,
            given=given,
            triggers=_SCHEDULE if self.is_scheduled else "",
        )


_DATA, _SHOP = ("team", "data"), ("team", "shop")
EXAMPLES = (
    Example("nightly_dwh", "company.data", "Loads the warehouse.", (_DATA, ("tier", "1")), 8,
            is_scheduled=True),
    Example("orders_import", "company.data.orders", "Orders.", (_DATA, ("shop", "main")), 12),
    Example("supplier_sync", "company.data", "Prices of the supplier.", (_DATA,), 5, fails=True,
            is_scheduled=True),
    Example("customer_export", "company.marketing", "For the newsletter.", (("team", "crm"),), 3),
    Example("invoice_archive", "company.finance", "Keeps invoices for ten years.",
            (("team", "finance"), ("tier", "2"), ("audit", "yes"), ("cost", "4711"))),
    Example("stock_levels", "company.shop", "Every quarter of an hour.", (_SHOP,), 16),
    Example("old_report", "company.finance", "Replaced by the warehouse.", is_disabled=True),
    Example("cleanup", "system", "Removes what is old.", is_scheduled=True),
)  # fmt: skip


def fill(product: Product) -> None:
    """Flows of several namespaces with some executions each."""
    for example in EXAMPLES:
        product.save_flow(example.source())
        for _ in range(example.runs):
            product.run(f"{example.namespace}/{example.id}")


@contextmanager
def server_for(kind: str, folder: Path) -> Iterator[Product]:
    """A server of one of the kinds that `Shown.server` names."""
    folder.mkdir(parents=True, exist_ok=True)
    with local_product(folder, **(NO_USER if kind == "new" else {})) as product:
        if kind == "full":
            fill(product)
        yield product


def session_of(product: Product) -> str:
    """A session's cookie, by the API."""
    answer = httpx.post(
        f"{product.url}/login", json={"username": product.username, "password": product.password}
    )
    assert answer.status_code == 200, answer.text
    return answer.cookies["JWT"]
