"""Disabling and enabling flows: the source says it, so it makes a revision."""

import re
from collections.abc import Sequence

from django.db import transaction

from common.actor import Actor
from common.errors import Invalid
from flows.errors import FlowNotFound
from flows.queries.stored import StoredFlow
from flows.services.saving import change_flow, locked_row, read_source

_LINE = re.compile(r"^disabled[ \t]*:[^\n]*$", re.MULTILINE)


def set_flow_disabled(
    *, actor: Actor, namespace: str, flow_id: str, is_disabled: bool
) -> StoredFlow:
    """Raises FlowNotFound; a flow that is so already stays as it is."""
    return set_flows_disabled(actor=actor, flows=[(namespace, flow_id)], is_disabled=is_disabled)[0]


@transaction.atomic
def set_flows_disabled(
    *, actor: Actor, flows: Sequence[tuple[str, str]], is_disabled: bool
) -> list[StoredFlow]:
    """All or none. Raises FlowNotFound."""
    changed = []
    for namespace, flow_id in flows:
        row = locked_row(namespace, flow_id)
        if row is None or row.is_deleted:
            raise FlowNotFound(f"Flow '{namespace}.{flow_id}' does not exist")
        source = row.current.source
        if row.is_disabled != is_disabled:
            source = with_disabled(source, is_disabled=is_disabled)
        changed.append(change_flow(actor, row, read_source(source)))
    return changed


def with_disabled(source: str, *, is_disabled: bool) -> str:
    """The source with its line `disabled` set; nothing else in it changes. Raises Invalid for a
    source that is not written in lines."""
    line = f"disabled: {'true' if is_disabled else 'false'}"
    if _LINE.search(source):
        return _LINE.sub(line, source, count=1)
    if source.lstrip().startswith("{"):
        raise Invalid("the source is written in braces; set `disabled` in it yourself")
    end = "" if source.endswith("\n") else "\n"
    return f"{source}{end}{line}\n"
