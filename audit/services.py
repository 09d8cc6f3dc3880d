"""Writing the audit log. Every service that a person, token or command calls records its act in
its own transaction, so a change without its line cannot be."""

from collections.abc import Collection, Mapping
from typing import Any

import jsonpatch
from django.db import transaction

from audit.choices import AuditType
from audit.models import AuditEntry
from audit.redaction import without_secrets
from common import json
from common.actor import Actor
from common.tenancy import tenant_or_none
from rest.prepared import PreparedInsert

_insert = PreparedInsert(AuditEntry)


class OutsideTransaction(RuntimeError):
    """An act was recorded outside the transaction of its change: use `transaction.atomic()`."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


def record(
    *,
    actor: Actor,
    type: AuditType | str,  # noqa: A002  # the API's word
    resource: str,
    detail: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    secret_fields: Collection[str] = (),
    impersonated_by: str = "",
) -> None:
    """Writes one line for the current tenant, or for the instance outside one.

    `detail` names the object (`id`, `namespace`, ...). `before` and `after` are the object as the
    API shows it: absent `before` for what was made, absent `after` for what was deleted. Secrets
    are left out, those named in `secret_fields` besides the usual ones."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction
    applied, reverting = _patches(before, after, secret_fields)
    entry = AuditEntry(
        tenant=tenant_or_none(),
        type=str(type),
        resource=resource,
        object_id=str(detail.get("id", "")),
        namespace=str(detail.get("namespace", "")),
        detail=dict(detail),
        user_id=actor.id,
        user_name=actor.name,
        ip_address=actor.ip_address,
        impersonated_by=impersonated_by,
        applied_patch=applied,
        revert_patch=reverting,
    )
    _insert(entry)


def _patches(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    secret_fields: Collection[str],
) -> tuple[list[Any], list[Any]]:
    if before is None and after is None:
        return [], []
    old = _plain(before, secret_fields)
    new = _plain(after, secret_fields)
    return jsonpatch.make_patch(old, new).patch, jsonpatch.make_patch(new, old).patch


def _plain(shape: Mapping[str, Any] | None, secret_fields: Collection[str]) -> Any:
    """As JSON has it: a patch of anything else could not be stored."""
    return json.loads(json.dump_bytes(without_secrets(dict(shape or {}), secret_fields)))
