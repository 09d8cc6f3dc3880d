"""The surroundings of a task in memory, for tests of types: part of the product, so that authors of
types need no server.

    context = MemoryRunContext(variables={"inputs": {"name": "Ada"}})
    task = parse_task({"id": "hello", "type": "…", "message": "Hello {{ inputs.name }}"})
    task.run(context)
    assert context.logger.messages == ["Hello Ada"]
"""

import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from common.errors import Conflict, NotFound
from common.ids import new_id
from expressions.engine import ExpressionEngine
from expressions.errors import MissingKey
from plugins.contracts.nested import Kind
from plugins.contracts.task import Task
from plugins.registry import installed_registry
from plugins.scripts.globs import matches
from storage.layout import namespace_file, namespace_files_folder, task_run_folder
from storage.memory import MemoryStorage


def parse_task(value: Mapping[str, Any]) -> Any:
    """The task that a piece of a flow describes. Raises Invalid."""
    found = installed_registry().parse(Kind.TASK, value)
    assert isinstance(found, Task)
    return found


@dataclass(frozen=True, slots=True)
class LogLine:
    level: str
    message: str


class MemoryLogger:
    """Keeps the lines."""

    def __init__(self, masked: set[str]) -> None:
        self._masked = masked
        self.lines: list[LogLine] = []

    @property
    def messages(self) -> list[str]:
        return [line.message for line in self.lines]

    def trace(self, message: str) -> None:
        self._add("TRACE", message)

    def debug(self, message: str) -> None:
        self._add("DEBUG", message)

    def info(self, message: str) -> None:
        self._add("INFO", message)

    def warning(self, message: str) -> None:
        self._add("WARN", message)

    def error(self, message: str) -> None:
        self._add("ERROR", message)

    def _add(self, level: str, message: str) -> None:
        for text in sorted(self._masked, key=len, reverse=True):
            message = message.replace(text, "******")
        self.lines.append(LogLine(level, message))


class MemoryKeyValues:
    """A key-value store without expiry."""

    def __init__(self, namespace: str) -> None:
        self._namespace = namespace
        self.values: dict[tuple[str, str], Any] = {}

    def get(self, key: str, *, namespace: str | None = None) -> Any:
        place = (namespace or self._namespace, key)
        if place not in self.values:
            raise NotFound(f"There is no key '{key}' in the namespace {place[0]}", key=key)
        return self.values[place]

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
        place = (namespace or self._namespace, key)
        if place in self.values and not overwrite:
            raise Conflict(f"The key '{key}' is there already", key=key)
        self.values[place] = value

    def delete(self, key: str, *, namespace: str | None = None) -> bool:
        return self.values.pop((namespace or self._namespace, key), None) is not None

    def keys(self, *, namespace: str | None = None, prefix: str = "") -> Sequence[str]:
        wanted = namespace or self._namespace
        return [key for place, key in self.values if place == wanted and key.startswith(prefix)]


class MemoryFiles:
    """Internal storage and namespace files in memory."""

    def __init__(self, context: "MemoryRunContext") -> None:
        self._context = context
        self.storage = MemoryStorage()

    def open(self, uri: str) -> BinaryIO:
        return self.storage.get(self._context.tenant, uri)

    def read(self, uri: str) -> bytes:
        return self.storage.read(self._context.tenant, uri)

    def store(self, source: Path | BinaryIO | bytes, name: str) -> str:
        context = self._context
        folder = task_run_folder(
            context.namespace,
            context.flow_id,
            context.execution_id,
            context.task_id,
            context.task_run_id,
        )
        address = folder.child(*name.split("/"))
        if isinstance(source, Path):
            with source.open("rb") as stream:
                return self.storage.put(context.tenant, address, stream)
        return self.storage.put(context.tenant, address, source)

    def size(self, uri: str) -> int:
        return self.storage.size(self._context.tenant, uri)

    def put_namespace_file(self, path: str, content: bytes, *, namespace: str = "") -> None:
        folder = namespace_files_folder(namespace or self._context.namespace)
        self.storage.put(self._context.tenant, folder.child(*path.split("/")), content)

    def namespace_files(
        self,
        *,
        namespace: str | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
        tenant = self._context.tenant
        folder = namespace_files_folder(namespace or self._context.namespace)
        for found in self.storage.walk(tenant, folder):
            path = found.uri.removeprefix(str(folder)).lstrip("/")
            is_wanted = not include or matches(path, include)
            if not found.is_directory and is_wanted and not matches(path, exclude):
                yield path, partial(self.storage.get, tenant, found.uri)


@dataclass(frozen=True, slots=True)
class Metric:
    name: str
    value: float
    kind: str
    tags: Mapping[str, str] = field(default_factory=dict)


class _Services:
    """What expressions may ask for: `kv()`, `secret()`, `read()`."""

    def __init__(self, context: "MemoryRunContext") -> None:
        self._context = context

    def kv(self, key: str, namespace: str | None) -> Any:
        try:
            return self._context.kv.get(key, namespace=namespace)
        except NotFound as error:
            raise MissingKey(str(error)) from error

    def secret(self, key: str, namespace: str | None) -> str:
        try:
            return self._context.secret(key)
        except NotFound as error:
            raise MissingKey(str(error)) from error

    def read(self, path: str) -> str:
        return self._context.files.read(self._address(path)).decode()

    def file_size(self, path: str) -> int:
        return self._context.files.size(self._address(path))

    def error_logs(self) -> list[dict[str, Any]]:
        return []

    def mask(self, text: str) -> None:
        self._context.mask(text)

    def _address(self, path: str) -> str:
        if path.startswith("kestra://"):
            return path
        return str(namespace_file(self._context.namespace, path))


class MemoryRunContext:
    """A `RunContext` without a server. As a context manager it removes the working folder."""

    def __init__(
        self,
        *,
        variables: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
        namespace: str = "company.team",
        flow_id: str = "flow",
        task_id: str = "task",
        working_directory: Path | None = None,
    ) -> None:
        self.tenant = "main"
        self.namespace = namespace
        self.flow_id = flow_id
        self.execution_id = new_id()
        self.task_id = task_id
        self.task_run_id = new_id()
        self.attempt = 0
        self.masked: set[str] = set()
        self.logger = MemoryLogger(self.masked)
        self.kv = MemoryKeyValues(namespace)
        self.files = MemoryFiles(self)
        self.metrics: list[Metric] = []
        self.variables: Mapping[str, Any] = variables or {}
        self._secrets = dict(secrets or {})
        self._folder = working_directory
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._killed = threading.Event()
        self._on_kill: list[Callable[[], None]] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._temporary is not None:
            self._temporary.cleanup()

    @property
    def working_directory(self) -> Path:
        if self._folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="kestra-")
            self._folder = Path(self._temporary.name)
        return self._folder

    @property
    def is_killed(self) -> bool:
        return self._killed.is_set()

    @cached_property
    def _engine(self) -> ExpressionEngine:
        return ExpressionEngine()

    def render(
        self, value: Any, *, typed: bool = False, variables: Mapping[str, Any] | None = None
    ) -> Any:
        scope = {**self.variables, **(variables or {})}
        return self._engine.render_value(value, scope, _Services(self), typed=typed)

    def secret(self, key: str) -> str:
        if key not in self._secrets:
            raise NotFound(f"There is no secret '{key}'", key=key)
        self.mask(self._secrets[key])
        return self._secrets[key]

    def metric(
        self,
        name: str,
        value: float,
        *,
        kind: str = "counter",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.metrics.append(Metric(name, value, kind, tags or {}))

    def on_kill(self, callback: Callable[[], None]) -> None:
        with self._lock:
            self._on_kill.append(callback)
            is_late = self.is_killed
        if is_late:
            callback()

    def kill(self) -> None:
        """What the worker does when the execution is killed."""
        with self._lock:
            self._killed.set()
            callbacks = list(self._on_kill)
        for callback in callbacks:
            callback()

    def mask(self, text: str) -> None:
        self.masked.add(text)
