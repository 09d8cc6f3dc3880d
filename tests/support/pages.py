"""The pages of the product as the browser tests and `make screenshots` visit them, and a server
that has something to show. Who adds a page adds a line to PAGES."""

import re
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
    `empty` (no flow yet) or `new` (no user yet). `<namespace/flow>` in the path stands for the
    newest execution of that flow (`path_on`)."""

    name: str
    path: str
    server: str = "full"
    is_signed_in: bool = True
    opens: str = ""


_RUN = "/ui/main/executions/<company.team/monthly_report>"
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
    Shown("flow", "/ui/main/flows/edit/company.team/monthly_report"),
    Shown("flow-never-run", "/ui/main/flows/edit/company.finance/invoice_archive"),
    Shown("flow-execute", "/ui/main/flows/edit/company.team/monthly_report", opens="k-execute > a"),
    Shown("flow-editor", "/ui/main/flows/edit/company.team/monthly_report/editor"),
    Shown("flow-new", "/ui/main/flows/new"),
    Shown("flow-revisions", "/ui/main/flows/edit/company.team/monthly_report/revisions"),
    Shown("flow-topology", "/ui/main/flows/edit/company.team/monthly_report/topology"),
    Shown("flow-runs", "/ui/main/flows/edit/company.team/monthly_report/executions"),
    Shown("flow-logs", "/ui/main/flows/edit/company.team/monthly_report/logs"),
    Shown("executions", "/ui/main/executions"),
    Shown("executions-empty", "/ui/main/executions", server="empty"),
    Shown("executions-none-found", "/ui/main/executions?q=no-such-one"),
    Shown("executions-selected", "/ui/main/executions", opens="[data-select-all]"),
    Shown("execution", _RUN),
    Shown("execution-failed", "/ui/main/executions/<company.data/supplier_sync>"),
    Shown("execution-logs", f"{_RUN}/logs", opens="h1"),
    Shown("execution-gantt", f"{_RUN}/gantt", opens="h1"),
    Shown("execution-topology", f"{_RUN}/topology", opens="h1"),
    Shown("execution-outputs", f"{_RUN}/outputs", opens="h1"),
    Shown("execution-metrics", f"{_RUN}/metrics"),
    Shown("namespaces", "/ui/main/namespaces"),
    Shown("namespaces-none-found", "/ui/main/namespaces?q=no-such"),
    Shown("namespace", "/ui/main/namespaces/edit/company.data"),
    Shown("namespace-flows", "/ui/main/namespaces/edit/company.data/flows"),
    Shown("namespace-executions", "/ui/main/namespaces/edit/company.data/executions"),
    Shown("namespace-keys", "/ui/main/namespaces/edit/company.data/kv"),
    Shown("namespace-keys-empty", "/ui/main/namespaces/edit/company.shop/kv"),
    Shown("namespace-key", "/ui/main/namespaces/edit/company.data/kv", opens="tbody button"),
    Shown("namespace-files", "/ui/main/namespaces/edit/company.data/files?path=sql"),
    Shown("namespace-file", "/ui/main/namespaces/edit/company.data/files?path=sql/orders.yml"),
    Shown("namespace-files-empty", "/ui/main/namespaces/edit/company.shop/files"),
    Shown("logs", "/ui/main/logs"),
    Shown("logs-empty", "/ui/main/logs", server="empty"),
    Shown("plugins", "/ui/main/plugins"),
    Shown("plugin", "/ui/main/plugins/io.kestra.plugin.core.http.Request"),
    Shown("dashboard", "/ui/main/dashboard"),
    Shown("dashboard-table", "/ui/main/dashboard", opens="k-chart summary"),
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
    text: str = ""
    """The whole source, where it is more than one task."""

    def source(self) -> str:
        if self.text:
            return self.text
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
    Example("monthly_report", "company.team", "", runs=3,
            text=(Path(__file__).parent / "showcase.yaml").read_text(encoding="utf-8")),
)  # fmt: skip
KEYS = {"last_order": "184213", "window": "PT6H", "shops": '["main", "outlet"]', "mode": '"full"'}
FILES = {
    "readme.md": "# Orders\n\nWhat is loaded at night.\n",
    "sql/orders.yml": "table: orders\nkeys:\n  - order_id\n  - shop # of the till\nlimit: 500\n",
    "sql/deep/report.sql": "select shop, sum(total)\nfrom orders\ngroup by shop\n",
}


def fill(product: Product) -> None:
    """Flows of several namespaces with some executions each."""
    for example in EXAMPLES:
        product.save_flow(example.source())
        if example.text:  # a second revision, to be compared with the first
            product.call(
                "PUT",
                f"/flows/{example.namespace}/{example.id}",
                content=example.text.replace("message: Orders.", "message: Orders of the month."),
                headers={"Content-Type": "application/x-yaml"},
            )
        for _ in range(example.runs):
            product.run(f"{example.namespace}/{example.id}")
    _fill_namespace(product, "company.data")


def _fill_namespace(product: Product, namespace: str) -> None:
    """Keys and files."""
    for key, value in KEYS.items():
        answer = product.call(
            "PUT", f"/namespaces/{namespace}/kv/{key}", content=value, headers={"ttl": "P30D"}
        )
        assert answer.status_code == 200, answer.text
    for path, content in FILES.items():
        answer = product.call(
            "POST",
            f"/namespaces/{namespace}/files",
            params={"path": path},
            files={"fileContent": content.encode()},
        )
        assert answer.status_code == 200, answer.text


@contextmanager
def server_for(kind: str, folder: Path) -> Iterator[Product]:
    """A server of one of the kinds that `Shown.server` names."""
    folder.mkdir(parents=True, exist_ok=True)
    with local_product(folder, **(NO_USER if kind == "new" else {})) as product:
        if kind == "full":
            fill(product)
        yield product


def path_on(product: Product, shown: Shown) -> str:
    """With the execution that it speaks of."""
    found = re.search(r"<([^/]+)/(.+)>", shown.path)
    if found is None:
        return shown.path
    query = {"filters[namespace][EQUALS]": found[1], "filters[flowId][EQUALS]": found[2]}
    newest = product.call("GET", "/executions/search", params={**query, "size": "1"}).json()
    return shown.path.replace(found[0], f"{found[1]}/{found[2]}/{newest['results'][0]['id']}")


def session_of(product: Product) -> str:
    """A session's cookie, by the API."""
    answer = httpx.post(
        f"{product.url}/login", json={"username": product.username, "password": product.password}
    )
    assert answer.status_code == 200, answer.text
    return answer.cookies["JWT"]
