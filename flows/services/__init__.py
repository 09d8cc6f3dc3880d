"""All that writes flows."""

from flows.services.exchange import (
    ImportReport,
    bulk_update_flows,
    import_flows,
    replace_namespace_flows,
)
from flows.services.patching import update_task
from flows.services.removing import delete_flow, delete_flows, delete_revisions, remove_all_flows
from flows.services.saving import create_flow, read_source, save_flow, update_flow
from flows.services.switching import set_flow_disabled, set_flows_disabled

__all__ = [
    "ImportReport",
    "bulk_update_flows",
    "create_flow",
    "delete_flow",
    "delete_flows",
    "delete_revisions",
    "import_flows",
    "read_source",
    "remove_all_flows",
    "replace_namespace_flows",
    "save_flow",
    "set_flow_disabled",
    "set_flows_disabled",
    "update_flow",
    "update_task",
]
