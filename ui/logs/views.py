"""Lines of all executions, newest first. Lines are many: without dates the page shows the last
days only, and it counts no further than it needs to."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from common.clock import now
from executions.api.access import visible_rows
from executions.api.filters import LogFilters
from executions.choices import LogLevel
from executions.models import LogEntry
from executions.queries.logs import log_text
from rbac.queries import visible_namespaces
from rest.filters import Operation
from rest.gate import actor_of
from tenants.queries import namespace_names
from ui.frame import page
from ui.lists import DEFAULT_SIZE, SIZES, FilterField, Listing
from ui.rendering import show_part

MOST_LISTED = 10_000
"""Lines that can be paged through, and that are in a download; filters find the others."""
DEFAULT_DAYS = 7
_DATES = ("timestamp", "startDate", "endDate", "timeRange")
_TEXT = (Operation.EQUALS, Operation.CONTAINS, Operation.STARTS_WITH)


@page("EXECUTION", "ACCESS_LOGS")
def list_logs(request: HttpRequest, tenant: str) -> HttpResponse:
    rows = _found(request)
    number, size = _place(request)
    start = min((number - 1) * size, MOST_LISTED)
    lines = list(rows[start : min(start + size, MOST_LISTED)])
    total = _count(rows, start, lines, size)
    listing = Listing(request, lines, total, fields=_fields(request, tenant), columns=())
    context = {
        "listing": listing,
        "is_cut": total >= MOST_LISTED,
        "most": MOST_LISTED,
        "days": 0 if _has_dates(request) else DEFAULT_DAYS,
        "download": f"/ui/{tenant}/logs/download?{request.GET.urlencode()}",
    }
    return show_part(request, "logs/list.html", "logs/_list.html", context)


@page("EXECUTION", "ACCESS_LOGS")
def download_logs(request: HttpRequest, tenant: str) -> HttpResponse:
    """The newest lines that the filters let through, oldest first, as text."""
    newest = _found(request)[:MOST_LISTED].values("pk")
    rows = LogEntry.objects.filter(pk__in=list(newest.values_list("pk", flat=True)))
    return HttpResponse(
        b"".join(log_text(rows.order_by("timestamp", "pk"))),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{tenant}.log"'},
    )


def _found(request: HttpRequest) -> QuerySet[LogEntry]:
    rows = visible_rows(actor_of(request), "ACCESS_LOGS", LogEntry.objects.all())
    rows = LogFilters.apply(rows, request.GET)
    if not _has_dates(request):
        rows = rows.filter(timestamp__gte=now() - timedelta(days=DEFAULT_DAYS))
    return rows.order_by("-timestamp", "-pk")


def _has_dates(request: HttpRequest) -> bool:
    return any(name in parameter for parameter in request.GET for name in _DATES)


def _place(request: HttpRequest) -> tuple[int, int]:
    """Page and size, as the listing reads them; it refuses what is none."""
    page, size = request.GET.get("page", "1"), request.GET.get("size", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return max(number, 1), int(size) if size.isdigit() and int(size) in SIZES else DEFAULT_SIZE


def _count(rows: QuerySet[LogEntry], start: int, lines: Sequence[LogEntry], size: int) -> int:
    """At most `MOST_LISTED`; asks only where the page does not tell."""
    if 0 < len(lines) < size or (not lines and start == 0):
        return start + len(lines)
    return rows.order_by()[:MOST_LISTED].count()


def _fields(request: HttpRequest, tenant: str) -> list[FilterField]:
    reach = visible_namespaces(actor_of(request), "EXECUTION", "ACCESS_LOGS", tenant)
    names = [name for name in namespace_names() if reach.covers(name)]
    since, until = Operation.GREATER_THAN_OR_EQUAL_TO, Operation.LESS_THAN_OR_EQUAL_TO
    return [
        FilterField("namespace", _("Namespace"), (Operation.PREFIX, *_TEXT), names, "company.team"),
        FilterField("level", _("Level"), (since, Operation.EQUALS), LogLevel.values),
        FilterField("flowId", _("Flow"), _TEXT),
        FilterField("taskId", _("Task"), _TEXT),
        FilterField("executionId", _("Execution"), (Operation.EQUALS,)),
        FilterField("startDate", _("Time"), (since, until), hint="2026-01-31T08:00:00Z"),
        FilterField(
            "timeRange", _("Not older than"), (Operation.EQUALS,), ("PT1H", "P1D", "P7D", "P30D")
        ),
    ]
