"""All that writes executions on somebody's behalf: each call one transaction with its audit line
and its request to the engine."""

from executions.services.creating import (
    StartRequest,
    Upload,
    create_executions,
    start_execution,
    start_executions,
)
from executions.services.deleting import (
    DeletionScope,
    delete_execution,
    delete_executions,
    remove_hidden_executions,
)
from executions.services.killing import kill_execution, kill_executions
from executions.services.labelling import set_labels, set_labels_on_many
from executions.services.logs import delete_logs_of_execution, delete_logs_of_trigger

__all__ = [
    "DeletionScope",
    "StartRequest",
    "Upload",
    "create_executions",
    "delete_execution",
    "delete_executions",
    "delete_logs_of_execution",
    "delete_logs_of_trigger",
    "kill_execution",
    "kill_executions",
    "remove_hidden_executions",
    "set_labels",
    "set_labels_on_many",
    "start_execution",
    "start_executions",
]
