"""One tree of errors. The class says the kind, the kind decides the HTTP status in one place
(`rest.errors`), the docstring is the default message, ids are attributes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong in what somebody sent: where (dotted path, line and column from 1)
    and what to do about it."""

    message: str
    path: str = ""
    line: int | None = None
    column: int | None = None
    invalid_value: Any = None

    def __str__(self) -> str:
        place = f" at line {self.line}, column {self.column}" if self.line is not None else ""
        prefix = f"{self.path}: " if self.path else ""
        return f"{prefix}{self.message}{place}"


class KestraError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None, **ids: Any) -> None:
        self.message = message or self.default_message()
        self.__dict__.update(ids)
        super().__init__(self.message)

    @classmethod
    def default_message(cls) -> str:
        return (cls.__doc__ or "").strip().split("\n")[0]

    def __str__(self) -> str:
        return self.message


class NotFound(KestraError):
    """The object does not exist."""


class BadRequest(KestraError):
    """The request lacks something that it must have."""


class Invalid(KestraError):
    """What was sent is not valid."""

    def __init__(
        self, message: str | None = None, *, violations: Sequence[Violation] = (), **ids: Any
    ) -> None:
        self.violations = tuple(violations)
        if message is None and violations:
            message = "\n".join(str(violation) for violation in violations)
        super().__init__(message, **ids)


class Conflict(KestraError):
    """The object is not in a state that allows this."""


class Unauthorized(KestraError):
    """Nobody is signed in, or the credentials are wrong."""


class Forbidden(KestraError):
    """The permission for this is missing."""


class Gone(KestraError):
    """The object was there and has expired."""


class Locked(KestraError):
    """The stored object can no longer be read."""


class TooLarge(Invalid):
    """What was sent is larger than the limit."""


class Unavailable(KestraError):
    """A part that is needed does not answer now; try again."""


class Misconfigured(KestraError):
    """The configuration holds a value that cannot be used."""
