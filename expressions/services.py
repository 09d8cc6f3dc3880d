"""What functions need from outside: stored values, secrets, files, logs. The caller implements it;
an in-memory implementation serves tests and the command line."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from expressions.errors import ExpressionError, MissingKey


class ExpressionServices(Protocol):
    """`namespace` None means the flow's own. Access to a file's address has been checked against
    the scope before `read` and `file_size` are called; what else may be read they decide."""

    def kv(self, key: str, namespace: str | None) -> Any:
        """Raises MissingKey when there is no such key."""
        ...

    def secret(self, key: str, namespace: str | None) -> str:
        """Raises MissingKey when there is no such secret."""
        ...

    def read(self, path: str) -> str: ...

    def file_size(self, path: str) -> int: ...

    def error_logs(self) -> list[dict[str, Any]]: ...

    def mask(self, text: str) -> None:
        """Registers a secret, or text derived from one, with the run's masker."""
        ...


class KnowsSecrets(Protocol):
    """Services may have this method too, and tell the secrets that the scope holds, such as SECRET
    inputs: what an expression derives from them is then registered as well."""

    def known_secrets(self) -> Collection[str]: ...


class NullServices:
    """Nothing is stored: every call fails and says so."""

    def _fail(self, what: str) -> ExpressionError:
        return ExpressionError(f"{what} cannot be read here")

    def kv(self, key: str, namespace: str | None) -> Any:
        raise self._fail("the key-value store")

    def secret(self, key: str, namespace: str | None) -> str:
        raise self._fail("secrets")

    def read(self, path: str) -> str:
        raise self._fail("files")

    def file_size(self, path: str) -> int:
        raise self._fail("files")

    def error_logs(self) -> list[dict[str, Any]]:
        raise self._fail("error logs")

    def mask(self, text: str) -> None:
        return


NULL_SERVICES = NullServices()


class InMemoryServices:
    """Stored data given as maps: `kv`, `secrets` and `files` by namespace, `storage` by address.
    `masked` gathers what was registered for masking."""

    def __init__(
        self,
        *,
        namespace: str = "",
        kv: Mapping[str, Mapping[str, Any]] | None = None,
        secrets: Mapping[str, Mapping[str, str]] | None = None,
        files: Mapping[str, Mapping[str, str]] | None = None,
        storage: Mapping[str, str] | None = None,
        error_logs: list[dict[str, Any]] | None = None,
    ) -> None:
        self._namespace = namespace
        self._kv = kv or {}
        self._secrets = secrets or {}
        self._files = files or {}
        self._storage = storage or {}
        self._error_logs = error_logs or []
        self.masked: set[str] = set()

    def _stored(
        self, table: Mapping[str, Mapping[str, Any]], key: str, namespace: str | None
    ) -> Any:
        place = self._namespace if namespace is None else namespace
        values = table.get(place) or {}
        if key not in values:
            raise MissingKey(f"'{key}' does not exist in the namespace '{place}'")
        return values[key]

    def kv(self, key: str, namespace: str | None) -> Any:
        return self._stored(self._kv, key, namespace)

    def secret(self, key: str, namespace: str | None) -> str:
        return str(self._stored(self._secrets, key, namespace))

    def read(self, path: str) -> str:
        if path.startswith("kestra://"):
            return self._object(path)
        try:
            return str(self._stored(self._files, path.removeprefix("/"), None))
        except MissingKey as error:
            raise ExpressionError(f"the file '{path}' does not exist") from error

    def _object(self, uri: str) -> str:
        if uri not in self._storage:
            raise ExpressionError(f"the file '{uri}' does not exist")
        return self._storage[uri]

    def file_size(self, path: str) -> int:
        return len(self._object(path).encode())

    def error_logs(self) -> list[dict[str, Any]]:
        return list(self._error_logs)

    def mask(self, text: str) -> None:
        self.masked.add(text)
