"""An execution as all of its pages need it: the row of the address, what may be done, the tabs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from common.clock import now
from executions.errors import ExecutionNotFound
from executions.models import Execution
from executions.queries.details import get_execution
from plugins.contracts.state import TERMINAL, State
from rbac.queries import visible_namespaces
from rest.gate import actor_of
from ui.executions.addresses import path_of
from ui.executions.rows import labels_shown

_TABS = (
    ("", _("Overview"), "VIEW"),
    ("logs", _("Logs"), "ACCESS_LOGS"),
    ("gantt", _("Gantt"), "VIEW"),
    ("topology", _("Topology"), "VIEW"),
    ("outputs", _("Outputs"), "ACCESS_OUTPUTS"),
    ("metrics", _("Metrics"), "VIEW"),
)
_WAITING = (State.CREATED, State.QUEUED)


@dataclass(frozen=True, slots=True)
class Tab:
    title: Any
    url: str
    is_current: bool


class ShownExecution:
    """`tab` is the last part of the address, empty for the overview."""

    def __init__(self, request: HttpRequest, execution: Execution, tab: str = "") -> None:
        self._actor = actor_of(request)
        self.row = execution
        self.tab = tab
        self.url = path_of(execution)

    @property
    def list_url(self) -> str:
        return f"/ui/{self.row.tenant}/executions"

    @property
    def is_ended(self) -> bool:
        return self.row.state in TERMINAL

    @property
    def is_settled(self) -> bool:
        """Nothing of it will change: nobody needs to listen."""
        return self.is_ended and not self.row.is_open

    @property
    def duration(self) -> timedelta:
        return (self.row.ended_at or now()) - self.row.started_at

    @property
    def queued(self) -> timedelta:
        """Until it first ran, or until now."""
        moments = [(state, datetime.fromisoformat(at)) for state, at in self.row.history]
        if not moments:
            return timedelta()
        first = next((at for state, at in moments if state not in _WAITING), None)
        return (first or now()) - moments[0][1]

    @property
    def labels(self) -> list[tuple[str, str]]:
        return labels_shown(self.row)

    @property
    def label_lines(self) -> str:
        return "\n".join(f"{key}:{value}" for key, value in self.labels)

    @property
    def trigger(self) -> Mapping[str, Any]:
        return self.row.trigger or {}

    @property
    def cause_url(self) -> str:
        """Of the execution that started this one."""
        variables = self.trigger.get("variables") or {}
        cause = self.row.trigger_execution_id
        namespace, flow_id = variables.get("namespace"), variables.get("flowId")
        if not (cause and namespace and flow_id):
            return ""
        return f"{self.list_url}/{namespace}/{flow_id}/{cause}"

    @cached_property
    def may(self) -> Mapping[str, bool]:
        """What is possible in this state and permitted in this namespace."""
        return {
            "kill": not self.is_ended and self.row.state != State.KILLING and self._may("KILL"),
            "label": self.is_ended and self._may("CHANGE_LABELS"),
            "delete": self._may("DELETE"),
            "follow": self._may("FOLLOW"),
            "read_logs": self._may("ACCESS_LOGS"),
            "read_outputs": self._may("ACCESS_OUTPUTS"),
            "execute": self._may("EXECUTE", "FLOW"),
        }

    @property
    def is_followed(self) -> bool:
        return self.may["follow"] and not self.is_settled

    @property
    def tabs(self) -> list[Tab]:
        return [
            Tab(title, f"{self.url}/{name}" if name else self.url, name == self.tab)
            for name, title, word in _TABS
            if self._may(word)
        ]

    def _may(self, word: str, resource: str = "EXECUTION") -> bool:
        reach = visible_namespaces(self._actor, resource, word, self.row.tenant)
        return reach.covers(self.row.namespace)


def execution_at(namespace: str, flow_id: str, execution_id: str) -> Execution:
    """The row of the address, whose namespace was checked. Raises ExecutionNotFound, also where it
    is of another flow."""
    row = get_execution(execution_id)
    if (row.namespace, row.flow_id) != (namespace, flow_id):
        raise ExecutionNotFound(
            f"Execution '{execution_id[:40]}' is not one of {namespace}.{flow_id}"
        )
    return row
