"""Revisions of flows as the engine keeps them: compiled, cached, with what goes with them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from threading import Lock
from typing import Any

from executions.executor.compiled import compile_flow
from executions.executor.residents import FlowBundle
from executions.outputs import type_outputs
from flows.cache import compiled_flow
from flows.schema import FlowDocument

KEPT = 2_000

_lock = Lock()
_bundles: OrderedDict[int, tuple[FlowDocument, FlowBundle]] = OrderedDict()


def flow_bundle(tenant: str, namespace: str, flow_id: str, revision: int) -> FlowBundle:
    """Raises NotFound, and Invalid where a type that the revision names is gone."""
    document = compiled_flow(tenant, namespace, flow_id, revision)
    key = id(document)  # the cache below us gives the same object as long as nothing has changed
    with _lock:
        known = _bundles.get(key)
        if known is not None and known[0] is document:
            _bundles.move_to_end(key)
            return known[1]
    bundle = _make(document, revision)
    with _lock:
        _bundles[key] = (document, bundle)
        while len(_bundles) > KEPT:
            _bundles.popitem(last=False)
    return bundle


def _make(document: FlowDocument, revision: int) -> FlowBundle:
    outputs: Mapping[str, Any] = {output.id: output.value for output in document.outputs}
    return FlowBundle(
        flow=compile_flow(document, revision=revision, outputs=outputs),
        variables=document.variables,
        is_confidential=any(item.type == "SECRET" for item in document.inputs),
        type_outputs=partial(type_outputs, document),
    )
