"""What rendering and subflows need from outside the engine: key-values, secrets, files, flows. Used
by the executor's pool and by workers; every call may block."""

from __future__ import annotations

import base64
import os
from collections.abc import Callable, Mapping
from typing import Any

from common.errors import Conflict, NotFound
from common.tenancy import tenant_scope
from executions.confidential import reveal_encrypted
from executions.creation import new_head
from executions.executor.model import Head, ParentRef, TaskRun
from executions.executor.residents import FlowBundle
from executions.flows import flow_bundle
from executions.rendering import render_input
from executions.scope import Surroundings
from executions.storages import engine_storage, stored_outputs
from executions.store.contract import Store
from expressions.errors import MissingKey
from expressions.file_access import is_storage_uri
from expressions.masking import Masker
from flows.cache import compiled_flow
from flows.inputs import type_inputs
from flows.queries.stored import get_flow
from plugins.contracts.plan import SubflowRequest
from storage import layout
from tenants.queries import merged_variables, read_key, require_allowed_namespace

SECRET_PREFIX = "SECRET_"  # noqa: S105  # a prefix of variable names, no secret
# What `read()` may bring into an expression.
READ_LIMIT = 10_000_000
_ABSENT = object()


class ServerServices:
    """The functions of expressions for one task run (or execution)."""

    def __init__(
        self,
        head: Head,
        scope: Mapping[str, Any],
        masker: Masker,
        error_logs: Callable[[], list[dict[str, Any]]],
    ) -> None:
        self._head = head
        self._scope = scope
        self._masker = masker
        self._error_logs = error_logs

    def kv(self, key: str, namespace: str | None) -> Any:
        head = self._head
        target = namespace or head.namespace
        with tenant_scope(head.tenant):
            if target != head.namespace:
                require_allowed_namespace(target, from_namespace=head.namespace)
            value = read_key(
                tenant=head.tenant,
                namespace=target,
                key=key,
                default=_ABSENT,
                inherit=namespace is None,
            )
        if value is _ABSENT:
            raise MissingKey(f"No value found for key '{key}' in namespace '{target}'")
        return value

    def secret(self, key: str, namespace: str | None) -> str:
        value = secret_value(key)
        self._masker.add(value)
        return value

    def read(self, path: str) -> str:
        data = self._storage_call("read", path)
        return str(data.decode("utf-8", "replace"))

    def file_size(self, path: str) -> int:
        return int(self._storage_call("size", path))

    def error_logs(self) -> list[dict[str, Any]]:
        return self._error_logs()

    def mask(self, text: str) -> None:
        self._masker.add(text)

    def _storage_call(self, name: str, path: str) -> Any:
        head = self._head
        if is_storage_uri(path):
            address: Any = path
        else:
            address = layout.namespace_file(head.namespace, path)
        storage = engine_storage(tenant=head.tenant, namespace=head.namespace)
        if name == "size":
            return storage.size(head.tenant, address)
        return storage.read(head.tenant, address, limit=READ_LIMIT)


def _namespace_variables(head: Head) -> dict[str, Any]:
    with tenant_scope(head.tenant):
        return merged_variables(head.namespace)


def secret_value(key: str) -> str:
    """From the server's environment: `SECRET_` + key, base64. Raises NotFound naming the key."""
    text = os.environ.get(SECRET_PREFIX + key.upper()) or os.environ.get(SECRET_PREFIX + key)
    if text is None:
        raise NotFound(
            f"Cannot find secret for key '{key}': set the environment variable "
            f"{SECRET_PREFIX}{key.upper()} of the server to its base64 value"
        )
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError as error:
        raise NotFound(
            f"Cannot read secret for key '{key}': the environment variable does not hold base64"
        ) from error


class ServerOutside:
    """Shared by all threads of a process."""

    def __init__(
        self, store: Store, *, envs: Mapping[str, str], globals_: Mapping[str, Any]
    ) -> None:
        self._store = store
        self._envs = envs
        self._globals = globals_

    def surroundings(self, head: Head, bundle: FlowBundle) -> Surroundings:
        return Surroundings(
            flow_variables=bundle.variables,
            namespace_variables=lambda: _namespace_variables(head),
            envs=self._envs,
            globals_=self._globals,
            reveal=reveal_encrypted,
            fetch_outputs=lambda run: self.fetch_outputs(head, run),
        )

    def services(
        self, head: Head, scope: Mapping[str, Any], masker: Masker | None = None
    ) -> ServerServices:
        return ServerServices(head, scope, masker or Masker(), lambda: self._error_logs(head))

    def fetch_outputs(self, head: Head, run: TaskRun) -> Mapping[str, Any] | None:
        """Outputs that are not in memory: in internal storage, or in the row."""
        outputs = run.outputs
        if outputs is not None and outputs.uri is not None:
            return stored_outputs(tenant=head.tenant, namespace=head.namespace, uri=outputs.uri)
        for row in self._store.outputs_of(head.id, head.created_at, {run.task_id}):
            if row.id == run.id and row.outputs is not None:
                return row.outputs.value
        return None

    def new_subflow(self, parent: Head, run: TaskRun, request: SubflowRequest) -> Head:
        """The child of an executable task run. Raises NotFound, Invalid, Forbidden, Conflict."""
        tenant = parent.tenant
        with tenant_scope(tenant):
            if request.namespace != parent.namespace:
                require_allowed_namespace(request.namespace, from_namespace=parent.namespace)
            flow = get_flow(tenant, request.namespace, request.flow_id, request.revision)
            if flow.is_disabled:
                raise Conflict(
                    f"The flow {request.namespace}.{request.flow_id} is disabled: enable it, or "
                    "remove the task that starts it"
                )
            revision = flow.revision
            document = compiled_flow(tenant, request.namespace, request.flow_id, revision)
            inputs = type_inputs(document, request.inputs, render=render_input)
        labels: list[tuple[str, str]] = []
        inherited = dict(parent.labels)
        if "system.correlationId" in inherited:
            labels.append(("system.correlationId", inherited["system.correlationId"]))
        if request.inherit_labels:
            labels += [pair for pair in parent.labels if not pair[0].startswith("system.")]
        labels += list(request.labels.items())
        return new_head(
            document,
            tenant=tenant,
            revision=revision,
            inputs=inputs,
            labels=labels,
            schedule_date=request.schedule_date,
            trigger={
                "id": run.task_id,
                "type": "io.kestra.plugin.core.flow.Subflow",
                "variables": {
                    "executionId": parent.id,
                    "namespace": parent.namespace,
                    "flowId": parent.flow_id,
                    "flowRevision": parent.flow_revision,
                },
            },
            waiting_parent=ParentRef(parent.id, run.id) if request.wait else None,
        )

    def bundle(self, head: Head) -> FlowBundle:
        return flow_bundle(head.tenant, head.namespace, head.flow_id, head.flow_revision)

    def _error_logs(self, head: Head) -> list[dict[str, Any]]:
        return self._store.error_logs(head.id, head.created_at)
