"""What a running task may ask of its surroundings. The worker brings the implementation, tests use
the in-memory one (`plugins.testing`)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Protocol


class TaskLogger(Protocol):
    """Lines of the task's log; secrets are masked before they leave the process."""

    def trace(self, message: str) -> None: ...
    def debug(self, message: str) -> None: ...
    def info(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...
    def error(self, message: str) -> None: ...


class KeyValues(Protocol):
    """The key-value store. `namespace` None means the flow's."""

    def get(self, key: str, *, namespace: str | None = None) -> Any:
        """Raises NotFound, and Gone for an expired key."""

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
        """Raises Conflict when the key is there and `overwrite` is false."""

    def delete(self, key: str, *, namespace: str | None = None) -> bool:
        """Whether the key was there."""

    def keys(self, *, namespace: str | None = None, prefix: str = "") -> Sequence[str]: ...


class Files(Protocol):
    """Internal storage (`kestra:///…` addresses) and the files of a namespace."""

    def open(self, uri: str) -> BinaryIO:
        """A stream to read; raises NotFound, and Forbidden for another tenant's or flow's file."""

    def store(self, source: Path | BinaryIO | bytes, name: str) -> str:
        """Keeps it among the files of this task run; returns its address."""

    def size(self, uri: str) -> int: ...

    def namespace_files(
        self,
        *,
        namespace: str | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
    ) -> Iterator[tuple[str, Callable[[], BinaryIO]]]:
        """(path, a call that opens it) for each file that the glob patterns select."""


class RunContext(Protocol):
    """One attempt of one task run."""

    @property
    def tenant(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def flow_id(self) -> str: ...
    @property
    def execution_id(self) -> str: ...
    @property
    def task_id(self) -> str: ...
    @property
    def task_run_id(self) -> str: ...
    @property
    def attempt(self) -> int:
        """Counts from 0."""

    @property
    def logger(self) -> TaskLogger: ...
    @property
    def kv(self) -> KeyValues: ...
    @property
    def files(self) -> Files: ...
    @property
    def variables(self) -> Mapping[str, Any]:
        """The scope of expressions: `flow`, `execution`, `inputs`, `outputs`, …; lazy."""

    @property
    def working_directory(self) -> Path:
        """A folder of this attempt alone, empty but for the `folders` of its task. What is in it
        is removed after the attempt."""

    @property
    def is_killed(self) -> bool:
        """Long work looks at it between steps and stops."""

    def render(
        self, value: Any, *, typed: bool = False, variables: Mapping[str, Any] | None = None
    ) -> Any:
        """Renders a text, or the texts in a map or list; anything else comes back as it is.
        `variables` stand before those of the scope. `typed` keeps the type of a lone expression.
        Raises Invalid (an ExpressionError)."""

    def secret(self, key: str) -> str: ...

    def metric(
        self,
        name: str,
        value: float,
        *,
        kind: str = "counter",
        tags: Mapping[str, str] | None = None,
    ) -> None:
        """`kind`: counter, timer (milliseconds), gauge."""

    def on_kill(self, callback: Callable[[], None]) -> None:
        """Called once, from another thread, when the task is killed or runs out of time; at once
        if that has happened already."""

    def mask(self, text: str) -> None:
        """From now on `text` is shown as ****** in logs and outputs."""
