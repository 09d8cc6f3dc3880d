"""Which flows hang on each other: by tasks that start a flow, by triggers that follow one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flows.choices import LinkKind
from flows.schema import FlowDocument
from plugins.contracts.task import ExecutableTask

_FLOW_TRIGGERS = (".trigger.Flow", ".core.models.triggers.types.Flow")
_OWN_NAMESPACE = "{{flow.namespace}}"


@dataclass(frozen=True, slots=True)
class Link:
    """What a flow says of another."""

    kind: LinkKind
    namespace: str
    flow_id: str


def links_of(document: FlowDocument, value: Mapping[str, Any]) -> set[Link]:
    """All that can be told from the source; names made by expressions cannot."""
    return {*_started(document), *_followed(document, value)}


def _started(document: FlowDocument) -> Iterator[Link]:
    for task in document.all_tasks():
        # Tasks that start a flow without being an ExecutableTask (ForEachItem) name it the same.
        namespace = getattr(task, "namespace", None)
        flow_id = getattr(task, "flow_id", None)
        if isinstance(task, ExecutableTask) or (namespace and flow_id):
            yield from _link(LinkKind.FLOW_TASK, document, namespace, flow_id)


def _followed(document: FlowDocument, value: Mapping[str, Any]) -> Iterator[Link]:
    for trigger in value.get("triggers") or ():
        if str(trigger.get("type", "")).endswith(_FLOW_TRIGGERS):
            for namespace, flow_id in _named_flows(trigger):
                yield from _link(LinkKind.FLOW_TRIGGER, document, namespace, flow_id)


def _named_flows(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every pair of `namespace` and `flowId` inside."""
    if isinstance(value, Mapping):
        if "flowId" in value and "namespace" in value:
            yield value["namespace"], value["flowId"]
        for item in value.values():
            yield from _named_flows(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named_flows(item)


def _link(kind: LinkKind, document: FlowDocument, namespace: Any, flow_id: Any) -> Iterator[Link]:
    if not isinstance(namespace, str) or not isinstance(flow_id, str):
        return
    if namespace.replace(" ", "") == _OWN_NAMESPACE:
        namespace = document.namespace
    if "{{" not in namespace and "{{" not in flow_id:
        yield Link(kind, namespace[:150], flow_id[:100])
