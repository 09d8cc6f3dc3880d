"""The `Files` of a running task: internal storage within what its execution may read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from executions.executor.model import Head, TaskRun
from executions.storages import engine_storage
from expressions.file_access import check_file_access
from storage import layout
from storage.addresses import Address
from storage.contract import Storage

# Namespace files that one task may bring into its folder.
NAMESPACE_FILES_LIMIT = 10_000


class TaskFiles:
    """What a task stores lies below its own task run."""

    def __init__(self, head: Head, run: TaskRun, scope: Mapping[str, Any]) -> None:
        self._head = head
        self._run = run
        self._scope = scope

    def open(self, uri: str) -> BinaryIO:
        check_file_access(uri, self._scope)
        return self._storage().get(self._head.tenant, uri)

    def store(self, source: Path | BinaryIO | bytes, name: str) -> str:
        head, run = self._head, self._run
        folder = layout.task_run_folder(head.namespace, head.flow_id, head.id, run.task_id, run.id)
        address = folder.join(Address.of_path(name))
        storage = self._storage()
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return storage.put(head.tenant, address, stream)
        return storage.put(head.tenant, address, source)

    def size(self, uri: str) -> int:
        check_file_access(uri, self._scope)
        return self._storage().size(self._head.tenant, uri)

    def namespace_files(
        self,
        *,
        namespace: str | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
        tenant, target = self._head.tenant, namespace or self._head.namespace
        storage = engine_storage(tenant=tenant, namespace=target)
        root = layout.namespace_files_folder(target)
        found = 0
        for attributes in storage.walk(tenant, root):
            if attributes.is_directory:
                continue
            path = attributes.uri.removeprefix(str(root)).lstrip("/")
            if include and not _matches(path, include):
                continue
            if _matches(path, exclude):
                continue
            found += 1
            if found > NAMESPACE_FILES_LIMIT:
                return
            yield path, partial(storage.get, tenant, attributes.uri)

    def _storage(self) -> Storage:
        return engine_storage(tenant=self._head.tenant, namespace=self._head.namespace)


def _matches(path: str, patterns: Sequence[str]) -> bool:
    return any(
        fnmatchcase(path, pattern.lstrip("/")) or fnmatchcase(f"/{path}", pattern)
        for pattern in patterns
    )
