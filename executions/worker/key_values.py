"""The `KeyValues` of a running task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from common.actor import Actor, ActorKind
from common.tenancy import tenant_scope
from executions.executor.model import Head
from tenants.choices import ValueType
from tenants.queries import get_key, keys_with_prefix, require_allowed_namespace
from tenants.services import delete_key, set_key
from tenants.values import value_of


class TaskKeyValues:
    """Acts in the name of the execution."""

    def __init__(self, head: Head) -> None:
        self._head = head
        self._actor = Actor(ActorKind.SYSTEM, id=head.id, name=f"execution {head.id}")

    def get(self, key: str, *, namespace: str | None = None) -> Any:
        with tenant_scope(self._head.tenant):
            return get_key(namespace=self._target(namespace), key=key).stored.value

    def set(
        self,
        key: str,
        value: Any,
        *,
        namespace: str | None = None,
        overwrite: bool = True,
        kv_type: str | None = None,
        ttl_seconds: float | None = None,
        description: str | None = None,
    ) -> None:
        with tenant_scope(self._head.tenant):
            set_key(
                actor=self._actor,
                namespace=self._target(namespace),
                key=key,
                value=value_of(value, ValueType(kv_type) if kv_type else None),
                overwrite=overwrite,
                ttl=timedelta(seconds=ttl_seconds) if ttl_seconds is not None else None,
                description=description,
            )

    def delete(self, key: str, *, namespace: str | None = None) -> bool:
        with tenant_scope(self._head.tenant):
            return delete_key(actor=self._actor, namespace=self._target(namespace), key=key)

    def keys(self, *, namespace: str | None = None, prefix: str = "") -> Sequence[str]:
        with tenant_scope(self._head.tenant):
            return keys_with_prefix(namespace=self._target(namespace), prefix=prefix)

    def _target(self, namespace: str | None) -> str:
        head = self._head
        if namespace and namespace != head.namespace:
            require_allowed_namespace(namespace, from_namespace=head.namespace)
        return namespace or head.namespace
