"""Compiled documents of revisions. A revision never changes and so never goes stale; the plugin
defaults of its namespace may change, and are looked at again after a few seconds."""

from collections import OrderedDict
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from flows.outer_defaults import OuterDefaults, outer_defaults_of
from flows.parsing import compile_source
from flows.queries.stored import get_flow
from flows.schema import FlowDocument

MAX_DOCUMENTS = 2_000
MAX_NAMESPACES = 5_000
DEFAULTS_KEPT_SECONDS = 5.0

_V = TypeVar("_V")
Key = tuple[object, ...]


class BoundedCache(Generic[_V]):
    """Keeps what was used last. Safe to share between threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Key, _V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> _V | None:
        with self._lock:
            value = self._items.get(key)
            if value is not None:
                self._items.move_to_end(key)
            return value

    def put(self, key: Key, value: _V) -> None:
        with self._lock:
            self._items[key] = value
            self._items.move_to_end(key)
            while len(self._items) > self._size:
                self._items.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._items.clear()

    def __len__(self) -> int:
        return len(self._items)


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


def _outer_defaults(tenant: str, namespace: str) -> OuterDefaults:
    key = (tenant, namespace)
    known = _defaults.get(key)
    moment = monotonic()
    if known is not None and moment - known[0] < DEFAULTS_KEPT_SECONDS:
        return known[1]
    outer = outer_defaults_of(tenant, namespace)
    _defaults.put(key, (moment, outer))
    return outer
