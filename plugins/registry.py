"""Finds types by name and reads what flows say about them.

Entry points of the group `kestra.plugins` name packages; `plugins.index` says what they hold. A
type's module is imported when a flow names it for the first time, so the start imports none."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from pydantic import ValidationError

from common.errors import Invalid, Misconfigured, NotFound
from plugins.contracts.condition import Condition
from plugins.contracts.model import Plugin
from plugins.contracts.nested import CONTEXT_KEY, Kind, build_plugin
from plugins.contracts.runner import TaskRunner
from plugins.contracts.task import Task
from plugins.contracts.trigger import Trigger
from plugins.index import TypeEntry, entries_of
from plugins.not_yet import is_known_original, looks_original
from plugins.violations import violations_of

ENTRY_POINTS = "kestra.plugins"
_ALIKE = 0.6

_BASES: Mapping[Kind, type[Plugin]] = {
    Kind.TASK: Task,
    Kind.TRIGGER: Trigger,
    Kind.CONDITION: Condition,
    Kind.TASK_RUNNER: TaskRunner,
}


class UnknownType(NotFound):
    """There is no such type."""


class Registry:
    """The types of some packages. Safe to share between threads."""

    def __init__(self, packages: Iterable[str]) -> None:
        self._packages = tuple(packages)
        self._classes: dict[str, type[Plugin]] = {}

    @cached_property
    def _entries(self) -> dict[str, TypeEntry]:
        """By type name, in the order of the packages; the first of a name wins."""
        found: dict[str, TypeEntry] = {}
        for package in self._packages:
            for entry in entries_of(package):
                found.setdefault(entry.name, entry)
        return found

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {
            alias: name
            for name, entry in self._entries.items()
            for alias in entry.aliases
            if alias not in self._entries
        }

    def names(self) -> list[str]:
        """All type names, sorted; nothing is imported."""
        return sorted(self._entries)

    def entries(self) -> list[TypeEntry]:
        return [self._entries[name] for name in self.names()]

    def canonical_name(self, name: str) -> str:
        """The type's present name, for a name or an older one. Raises UnknownType."""
        name = name.strip()
        if name in self._entries:
            return name
        if name in self._aliases:
            return self._aliases[name]
        raise UnknownType(self._unknown(name), type=name)

    def get(self, name: str) -> type[Plugin]:
        """The class of a type. Raises UnknownType."""
        name = self.canonical_name(name)
        found = self._classes.get(name)
        if found is None:
            found = self._classes[name] = _load(self._entries[name])
        return found

    def type_for(self, kind: Kind, name: str) -> type[Plugin]:
        """The class of a type that must be of that kind. Raises UnknownType."""
        found = self.get(name)
        if not issubclass(found, _BASES[kind]):
            raise UnknownType(f"{name} is a {kind_of(found).words}, not a {kind.words}", type=name)
        return found

    def all(self, kind: Kind | None = None) -> Iterator[type[Plugin]]:
        """Every type, by name; imports all of them."""
        for name in self.names():
            found = self.get(name)
            if kind is None or kind_of(found) is kind:
                yield found

    @property
    def validation_context(self) -> dict[str, Any]:
        """For a pydantic model of one's own that has fields such as `AnyTask`."""
        return {CONTEXT_KEY: self}

    def parse(self, kind: Kind | str, value: Any, *, path: str = "") -> Plugin:
        """The object that a piece of a flow describes. Raises Invalid with a violation for each
        fault; `path` is where the piece stands (`tasks[0]`)."""
        try:
            return build_plugin(Kind(kind), value, self)
        except ValidationError as error:
            raise Invalid(violations=violations_of(error, value, path=path)) from error

    def _unknown(self, name: str) -> str:
        known = [*self._entries, *self._aliases]
        if is_known_original(name):
            return f"this product does not have the type {name} yet"
        near = difflib.get_close_matches(name, known, n=5, cutoff=0.85)
        near = [other for other in near if _is_misspelling(name, other)]
        if not near and looks_original(name):
            return f"this product does not have the type {name} yet"
        near = near or difflib.get_close_matches(name, known, n=1, cutoff=0.75)
        near = near or _same_last_word(name, known)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no type {name}{hint}"


def kind_of(found: type[Plugin]) -> Kind:
    return next(kind for kind, base in _BASES.items() if issubclass(found, base))


@cache
def installed_registry() -> Registry:
    """The registry of everything that is installed."""
    packages = {entry.value for entry in entry_points(group=ENTRY_POINTS)}
    # Our own first: another package cannot take over the name of a built-in type.
    return Registry(sorted(packages, key=lambda name: (not name.startswith("plugins."), name)))


def _load(entry: TypeEntry) -> type[Plugin]:
    found = getattr(import_module(entry.module), entry.class_name)
    if not (isinstance(found, type) and issubclass(found, Plugin)):
        raise Misconfigured(
            f"{entry.module}.{entry.class_name} has a type_name but is no plugin type"
        )
    return found


def _is_misspelling(name: str, other: str) -> bool:
    """Word by word: `scripts.node.Script` is another thing than `scripts.shell.Script`."""
    words, others = name.split("."), other.split(".")
    return len(words) == len(others) and all(
        difflib.SequenceMatcher(None, word, known).ratio() >= _ALIKE
        for word, known in zip(words, others, strict=True)
    )


def _same_last_word(name: str, known: Iterable[str]) -> list[str]:
    """`Log` or `core.log.Log` for somebody who forgot the front."""
    last = name.rpartition(".")[2].lower()
    return [other for other in known if other.rpartition(".")[2].lower() == last][:1]
