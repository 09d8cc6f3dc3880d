"""The internal storage of an execution, as the engine reaches for it: looked up once in a few
seconds for each namespace, because every file of every task asks."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from common.json import loads
from storage.contract import Storage
from tenants.storages import storage_of

# A namespace that gets another storage is followed within so many seconds.
KEPT_SECONDS = 5.0
KEPT_NAMESPACES = 5_000
# Outputs that lie in storage never change; those read last are kept, so many bytes of them.
KEPT_OUTPUT_BYTES = 16_000_000


class _Storages:
    def __init__(self, find: Callable[..., Storage] = storage_of) -> None:
        self._find = find
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[float, Storage]] = {}

    def of(self, tenant: str, namespace: str) -> Storage:
        key, moment = (tenant, namespace), time.monotonic()
        known = self._known.get(key)
        if known is not None and moment - known[0] < KEPT_SECONDS:
            return known[1]
        storage = self._find(tenant=tenant, namespace=namespace)
        with self._lock:
            if len(self._known) >= KEPT_NAMESPACES:
                self._known.clear()
            self._known[key] = (moment, storage)
        return storage

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


class _StoredOutputs:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._size = 0
        self._known: OrderedDict[tuple[str, str], tuple[int, Mapping[str, Any]]] = OrderedDict()

    def get(self, tenant: str, namespace: str, uri: str) -> Mapping[str, Any]:
        key = (tenant, uri)
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known[1]
        data = engine_storage(tenant=tenant, namespace=namespace).read(tenant, uri)
        value = dict(loads(data))
        self._keep(key, len(data), value)
        return value

    def _keep(self, key: tuple[str, str], size: int, value: Mapping[str, Any]) -> None:
        if size > KEPT_OUTPUT_BYTES // 4:
            return
        with self._lock:
            if key not in self._known:
                self._known[key] = (size, value)
                self._size += size
            while self._size > KEPT_OUTPUT_BYTES:
                _, (gone, _value) = self._known.popitem(last=False)
                self._size -= gone

    def forget(self) -> None:
        with self._lock:
            self._known.clear()
            self._size = 0


_storages = _Storages()
_outputs = _StoredOutputs()


def engine_storage(*, tenant: str, namespace: str) -> Storage:
    """Raises StorageUnavailable for a namespace or tenant whose own storage cannot be used."""
    return _storages.of(tenant, namespace)


def stored_outputs(*, tenant: str, namespace: str, uri: str) -> Mapping[str, Any]:
    """The outputs of a task run that lie in storage; not to be changed. Raises FileMissing."""
    return _outputs.get(tenant, namespace, uri)


def forget_engine_storages() -> None:
    """For tests, which use the same names again."""
    _storages.forget()
    _outputs.forget()
