"""Changing one task of a flow, which makes a revision."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.db import transaction

from common.actor import Actor
from common.errors import Violation
from common.yaml import dump_yaml
from flows.errors import FlowNotFound, IdentityChanged, TaskNotFound
from flows.graph import definition_at
from flows.queries.stored import StoredFlow
from flows.services.saving import change_flow, locked_row, read_source


@transaction.atomic
def update_task(
    *, actor: Actor, namespace: str, flow_id: str, task_id: str, task: Mapping[str, Any]
) -> StoredFlow:
    """The flow with `task` in the place of the one of that id; its source is written anew, without
    comments, unless the task is as it was. Raises FlowNotFound, TaskNotFound, Invalid, and
    IdentityChanged if `task` has another id."""
    row = locked_row(namespace, flow_id)
    if row is None or row.is_deleted:
        raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
    if task.get("id") != task_id:
        message = f"The id of a task cannot change: it is '{task_id}', the body says otherwise"
        raise IdentityChanged(
            violations=[Violation(message, path="task.id", invalid_value=task.get("id"))]
        )
    place = read_source(row.current.source).document.find_path(task_id)
    definition = deepcopy(row.current.definition)
    found = definition_at(definition, place.path) if place else None
    if not isinstance(found, dict):
        raise TaskNotFound(f"Flow '{namespace}.{flow_id}' has no task '{task_id}'")
    if found == task:
        return change_flow(actor, row, read_source(row.current.source))
    found.clear()
    found.update(task)
    return change_flow(actor, row, read_source(dump_yaml(definition)))
