"""A template compiled to Python, and what is known of it before it runs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Body = Callable[[Any], Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Macro:
    body_id: str
    parameters: tuple[str, ...]
    with_default: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the parser saw: names read, functions and filters called, what makes it costly."""

    names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    filters: frozenset[str] = frozenset()
    output_references: frozenset[str] | None = frozenset()
    is_pure: bool = True
    is_single_expression: bool = False
    macros: Mapping[str, Macro] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """`output_references` are the task ids read below `outputs`, None when any may be read.
    `is_pure` says that it calls nothing that waits, stores or can take long."""

    source: str
    is_literal: bool = True
    facts: Facts = Facts()
    root: Body | None = None
    bodies: Mapping[str, Body] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        return self.facts.names

    @property
    def functions(self) -> frozenset[str]:
        return self.facts.functions

    @property
    def filters(self) -> frozenset[str]:
        return self.facts.filters

    @property
    def output_references(self) -> frozenset[str] | None:
        return self.facts.output_references

    @property
    def is_pure(self) -> bool:
        return self.facts.is_pure
