"""What can go wrong with an expression: the text is bad, a name is missing, a limit is reached."""

from typing import Any

from common.errors import Invalid, NotFound


class ExpressionError(Invalid):
    """The expression cannot be rendered."""

    def __init__(
        self,
        message: str | None = None,
        *,
        expression: str = "",
        line: int | None = None,
        name: str = "",
        **ids: Any,
    ) -> None:
        self.expression = expression
        self.line = line
        self.name = name
        super().__init__(message, **ids)

    def locate(self, expression: str, line: int) -> "ExpressionError":
        """Says where it happened, unless an inner place is known already."""
        if self.line is None:
            self.expression = expression
            self.line = line
            self.message = f"{self.message} (line {line})"
            self.args = (self.message,)
        return self


class UndefinedError(ExpressionError):
    """A variable or attribute is not there."""

    def __init__(self, name: str, expression: str, line: int) -> None:
        super().__init__(
            f"Unable to find `{name}` used in the expression `{expression}` at line {line}",
            expression=expression,
            line=line,
            name=name,
        )


class LimitReached(ExpressionError):
    """The expression asks for more than one render may use."""


class MissingKey(NotFound):
    """The stored key does not exist."""
