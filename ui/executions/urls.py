"""Addresses of executions, their line in the sidebar, and what the palette finds."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from rest.permissions import declare
from ui.areas import Entry
from ui.executions import actions, data, detail
from ui.executions.addresses import PAGE
from ui.executions.finders import find_executions
from ui.executions.listing import change_executions, list_executions

tenant_urls = [
    path("executions", list_executions),
    path("executions/bulk", change_executions),
    path(PAGE, detail.show_overview),
    path(f"{PAGE}/head/<str:tab>", detail.show_head),
    path(f"{PAGE}/logs", detail.show_logs),
    path(f"{PAGE}/logs/lines", data.read_lines),
    path(f"{PAGE}/logs/place", data.find_line),
    path(f"{PAGE}/gantt", detail.show_gantt),
    path(f"{PAGE}/topology", detail.show_topology),
    path(f"{PAGE}/outputs", detail.show_outputs),
    path(f"{PAGE}/outputs/list", data.list_outputs),
    path(f"{PAGE}/outputs/of/<str:task_run_id>", data.read_outputs),
    path(f"{PAGE}/metrics", detail.show_metrics),
    path(f"{PAGE}/runs", data.read_runs),
    path(f"{PAGE}/kill", actions.kill),
    path(f"{PAGE}/labels", actions.set_labels),
    path(f"{PAGE}/delete", actions.delete),
    path(f"{PAGE}/again", actions.execute_again),
    path(f"{PAGE}/evaluate", actions.evaluate_expression),
]
entries = [Entry(_("Executions"), "executions", "play", declare("EXECUTION", "LIST"), order=30)]
finders = [find_executions]
