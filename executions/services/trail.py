"""Audit lines of executions. An act on many is one line for each flow, with the ids in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from audit.choices import AuditType
from audit.services import record
from common.actor import Actor


class Named(Protocol):
    """A head or a row."""

    @property
    def namespace(self) -> str: ...
    @property
    def flow_id(self) -> str: ...
    @property
    def flow_revision(self) -> int: ...


def record_act(
    *,
    actor: Actor,
    type: AuditType,  # noqa: A002  # the audit log's word
    executions: Iterable[tuple[str, Named]],
    more: Mapping[str, Any] | None = None,
) -> None:
    """`executions` are pairs of id and what knows its flow; `more` goes into each line."""
    by_flow: dict[tuple[str, str, int], list[str]] = {}
    for execution_id, item in executions:
        key = (item.namespace, item.flow_id, item.flow_revision)
        by_flow.setdefault(key, []).append(execution_id)
    for (namespace, flow_id, revision), ids in by_flow.items():
        named = {"id": ids[0]} if len(ids) == 1 else {"ids": ids}
        detail = {**named, "namespace": namespace, "flowId": flow_id, "revision": revision}
        record(actor=actor, type=type, resource="EXECUTION", detail={**detail, **(more or {})})
