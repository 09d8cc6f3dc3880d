"""All that reads flows; compiled documents are in `flows.cache`."""

from flows.queries.listing import (
    distinct_namespaces,
    existing_ids,
    flows_by_ids,
    flows_of_namespace,
    flows_with_text,
    fragments_of,
    has_flows,
    present_flows,
)
from flows.queries.stored import (
    StoredFlow,
    assumed_flow,
    confirm_latest,
    find_flow,
    flow_revisions,
    get_flow,
    latest_revision,
    stored_flow,
)

__all__ = [
    "StoredFlow",
    "assumed_flow",
    "confirm_latest",
    "distinct_namespaces",
    "existing_ids",
    "find_flow",
    "flow_revisions",
    "flows_by_ids",
    "flows_of_namespace",
    "flows_with_text",
    "fragments_of",
    "get_flow",
    "has_flows",
    "latest_revision",
    "present_flows",
    "stored_flow",
]
