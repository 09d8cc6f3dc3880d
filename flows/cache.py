"""Compiled documents of revisions. A revision never changes and so never goes stale; the plugin
defaults of its namespace may change, and are looked at again after a few seconds."""

from time import monotonic

from common.caching import BoundedCache
from flows.outer_defaults import OuterDefaults, outer_defaults_of
from flows.parsing import compile_source
from flows.queries.stored import forget_flows, get_flow
from flows.schema import FlowDocument

MAX_DOCUMENTS = 2_000
MAX_NAMESPACES = 5_000
DEFAULTS_KEPT_SECONDS = 5.0

_documents: BoundedCache[FlowDocument] = BoundedCache(MAX_DOCUMENTS)
_defaults: BoundedCache[tuple[float, OuterDefaults]] = BoundedCache(MAX_NAMESPACES)


def compiled_flow(tenant: str, namespace: str, flow_id: str, revision: int) -> FlowDocument:
    """The document of a revision, also of a deleted flow. Raises FlowNotFound, RevisionNotFound,
    and Invalid where a type that it names is gone."""
    outer = _outer_defaults(tenant, namespace)
    key = (tenant, namespace, flow_id, revision, outer.digest)
    document = _documents.get(key)
    if document is None:
        stored = get_flow(tenant, namespace, flow_id, revision, allow_deleted=True)
        document = compile_source(
            stored.source, tenant=tenant, revision=revision, defaults=outer.items
        )
        _documents.put(key, document)
    return document


def forget_compiled_flows() -> None:
    """For tests, which use the same keys again."""
    _documents.clear()
    _defaults.clear()
    forget_flows()


def _outer_defaults(tenant: str, namespace: str) -> OuterDefaults:
    key = (tenant, namespace)
    known = _defaults.get(key)
    moment = monotonic()
    if known is not None and moment - known[0] < DEFAULTS_KEPT_SECONDS:
        return known[1]
    outer = outer_defaults_of(tenant, namespace)
    _defaults.put(key, (moment, outer))
    return outer
