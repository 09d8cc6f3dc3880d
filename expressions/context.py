"""The state of one render: variables in scope, what it has used up, the secrets it has seen."""

import sys
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from expressions.errors import ExpressionError, LimitReached, UndefinedError

if TYPE_CHECKING:
    from expressions.limits import Limits
    from expressions.services import ExpressionServices
    from expressions.template import CompiledTemplate

_MISSING = object()


class Engine(Protocol):
    """What a running template may ask of the engine that started it."""

    @property
    def limits(self) -> "Limits": ...
    @property
    def recursive(self) -> bool: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def locale(self) -> str: ...
    def compile(self, source: str) -> "CompiledTemplate": ...


class RenderContext:
    """Variables of one template that is being rendered. `root` is the context of the top-level
    render, which holds what all templates of that render share: time, turns, secrets."""

    # Jinja2's generated prologue reads this name of every context.
    resolve_or_missing = None

    __slots__ = (
        "deadline",
        "depth",
        "engine",
        "frames",
        "known_secrets",
        "limits",
        "loop_was_null",
        "raw_marks",
        "root",
        "scope",
        "services",
        "template",
        "turns",
    )

    def __init__(
        self,
        engine: Engine,
        template: "CompiledTemplate",
        scope: Mapping[str, Any],
        services: "ExpressionServices",
    ) -> None:
        self.engine = engine
        self.limits = engine.limits
        self.template = template
        self.scope = scope
        self.services = services
        self.frames: list[dict[str, Any]] = []
        self.root = self
        self.deadline = monotonic() + engine.limits.seconds
        self.turns = 0
        self.depth = 0
        self.loop_was_null = False
        self.known_secrets: set[str] | None = None
        self.raw_marks: list[str] | None = None

    def nested(
        self, template: "CompiledTemplate", scope: Mapping[str, Any] | None = None
    ) -> "RenderContext":
        """A context for a template or macro inside this render; without a scope of its own it
        sees these variables, and what it sets stays inside."""
        inner = RenderContext(
            self.engine, template, self.scope if scope is None else scope, self.services
        )
        inner.root = self.root
        inner.frames = [dict(frame) for frame in self.frames] if scope is None else []
        return inner

    def variable(self, name: str) -> Any:
        """Raises KeyError where no such variable is in scope."""
        for frame in reversed(self.frames):
            found = frame.get(name, _MISSING)
            if found is not _MISSING:
                return found
        return self.scope[name]

    def assign(self, name: str, value: Any) -> None:
        """Changes the nearest variable of that name; a new one lives in the innermost frame."""
        if not self.frames:
            self.frames.append({})
        for frame in reversed(self.frames):
            if name in frame:
                frame[name] = value
                return
        self.frames[0 if name in self.scope else -1][name] = value

    def variables(self) -> dict[str, Any]:
        merged = dict(self.scope)
        for frame in self.frames:
            merged.update(frame)
        return merged

    def undefined(self, name: object, line: int) -> NoReturn:
        raise UndefinedError(str(name), self.template.source, line)

    def check_time(self) -> None:
        if monotonic() > self.root.deadline:
            raise LimitReached(f"rendering took longer than {self.limits.seconds:g} seconds")

    def count_turn(self) -> None:
        root = self.root
        root.turns += 1
        if root.turns > self.limits.loop_turns:
            raise LimitReached(f"the loops made more than {self.limits.loop_turns} turns")
        if not root.turns & 63:
            self.check_time()

    def check_length(self, length: int) -> None:
        if length > self.limits.string_length:
            raise LimitReached(
                f"a text would be longer than {self.limits.string_length} characters"
            )

    def check_items(self, count: int) -> None:
        if count > self.limits.list_items:
            raise LimitReached(f"a list would hold more than {self.limits.list_items} items")

    def call(self, body: Callable[[], Any]) -> Any:
        """Runs a macro, block or inner render one level deeper."""
        root = self.root
        if root.depth >= self.limits.call_depth:
            raise LimitReached(
                f"macros, blocks and rendering calls are nested deeper than "
                f"{self.limits.call_depth} levels"
            )
        self.check_time()
        root.depth += 1
        try:
            return body()
        finally:
            root.depth -= 1

    def body(self, body_id: str) -> Iterator[Any]:
        """The pieces of a block or macro of this template."""
        return self.template.bodies[body_id](self)

    def walk(self) -> "Walk":
        return Walk(self, self.limits.nodes)

    def long_walk(self) -> "Walk":
        """For comparing many values with each other, which only time bounds."""
        return Walk(self, sys.maxsize)


class Walk:
    """Counts the nodes that one walk over nested data visits: data that shares its parts can be
    far larger to walk than to hold."""

    __slots__ = ("context", "limit", "seen")

    def __init__(self, context: RenderContext, limit: int) -> None:
        self.context = context
        self.limit = limit
        self.seen = 0

    def step(self) -> None:
        self.seen += 1
        if not self.seen & 0xFFF:
            self.context.check_time()
        if self.seen > self.limit:
            raise LimitReached(f"a value holds more than {self.limit} parts")


def fail(message: str) -> NoReturn:
    raise ExpressionError(message)
