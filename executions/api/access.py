"""Which executions a caller may see or act on, and the base of views about one execution."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

from common.actor import Actor
from common.errors import BadRequest, Forbidden, Invalid
from common.tenancy import current_tenant
from executions.models import Execution, TaskRun
from executions.queries.details import get_execution, present_executions
from rbac.queries import visible_namespaces
from rest.permissions import Permission
from rest.views import ApiView

_M = TypeVar("_M", bound=Model)


class ExecutionApiView(ApiView):
    """A view about executions. `execution` gives the one that the address names, if the caller may
    do in its namespace what the view declares."""

    resource = "EXECUTION"

    def execution(self, execution_id: str) -> Execution:
        """Raises ExecutionNotFound, Forbidden."""
        row = get_execution(execution_id)
        declared = self.declaration()
        assert isinstance(declared, Permission), "views of executions declare a permission"
        self.require(declared, namespace=row.namespace)
        return row


def visible_rows(actor: Actor, action: str, rows: QuerySet[_M]) -> QuerySet[_M]:
    """Those of namespaces in which the caller has that action on executions."""
    reach = visible_namespaces(actor, "EXECUTION", action, current_tenant())
    return rows.filter(reach.to_q())


def visible_executions(actor: Actor, action: str) -> QuerySet[Execution]:
    return visible_rows(actor, action, present_executions())


def visible_task_runs(actor: Actor, action: str) -> QuerySet[TaskRun]:
    """Of executions that are there and that the caller may see."""
    there = visible_executions(actor, action).values("public_id")
    return visible_rows(actor, action, TaskRun.objects.filter(execution_id__in=there))


def require_on_all(actor: Actor, action: str, rows: Iterable[Execution]) -> None:
    """Raises Forbidden if one of them lies in a namespace where the caller may not."""
    reach = visible_namespaces(actor, "EXECUTION", action, current_tenant())
    for namespace in sorted({row.namespace for row in rows}):
        if not reach.covers(namespace):
            raise Forbidden(
                f"this needs the permission EXECUTION:{action} in namespace '{namespace}'"
            )


def flag(query: QueryDict, name: str, *, default: bool = False) -> bool:
    text = query.get(name, "")
    if not text:
        return default
    if text.lower() not in {"true", "false"}:
        raise Invalid(f"{name}: '{text[:40]}' is neither true nor false")
    return text.lower() == "true"


def needed(query: QueryDict, name: str) -> str:
    """Raises BadRequest where the parameter is missing."""
    value = query.get(name)
    if value is None:
        raise BadRequest(f"the query parameter `{name}` is missing")
    return value


def positive(query: QueryDict, name: str, default: int | None = None) -> int | None:
    """A number from 1. Raises Invalid."""
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < 2**31):
        raise Invalid(f"{name}: '{text[:40]}' is not a number from 1")
    return int(text)
