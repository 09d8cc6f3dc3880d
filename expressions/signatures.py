"""The named callables of the language – filters, functions, tests – and how a call's arguments
are put in the order that they declare."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


class BindingError(Exception):
    """The arguments of a call do not fit; the text says which."""


@dataclass(frozen=True, slots=True)
class Callee:
    """`apply` is called with the render's context, a filter's or test's input, then the arguments
    in the declared order; those left out are None. `is_pure`: it neither waits nor takes long."""

    kind: str
    name: str
    apply: Callable[..., Any]
    parameters: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    is_variadic: bool = False
    null_passes: bool = True
    is_pure: bool = True

    def bind(self, positional: Sequence[T], named: Mapping[str, T]) -> list[T | None]:
        if self.is_variadic:
            if named:
                raise BindingError(f"the {self.kind} '{self.name}' takes no named arguments")
            return list(positional)
        if len(positional) > len(self.parameters):
            raise BindingError(
                f"the {self.kind} '{self.name}' is given {len(positional)} arguments but has "
                f"{len(self.parameters)}"
            )
        bound: dict[str, T] = dict(zip(self.parameters, positional, strict=False))
        for name, value in named.items():
            if name not in self.parameters:
                raise BindingError(f"the {self.kind} '{self.name}' has no argument '{name}'")
            if name in bound:
                raise BindingError(f"the {self.kind} '{self.name}' is given '{name}' twice")
            bound[name] = value
        for name in self.parameters:
            if name in self.required and name not in bound:
                raise BindingError(f"the {self.kind} '{self.name}' needs the argument '{name}'")
        filled = [bound.get(name) for name in self.parameters]
        while filled and filled[-1] is None:
            filled.pop()
        return filled


def _declare(kind: str, name: str, apply: Callable[..., Any], spec: str, **flags: bool) -> Callee:
    words = spec.split()
    return Callee(
        kind=kind,
        name=name,
        apply=apply,
        parameters=tuple(word.rstrip("!") for word in words),
        required=frozenset(word[:-1] for word in words if word.endswith("!")),
        **flags,
    )


def at_first_use(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that is imported when it is first called: few flows need it, and
    every start of a process would pay for it."""

    def apply(*arguments: Any) -> Any:
        return getattr(import_module(module), name)(*arguments)

    return apply


def define_filter(name: str, apply: Callable[..., Any], spec: str = "", **flags: bool) -> Callee:
    """`spec` lists the arguments in order; a `!` marks one that is needed."""
    return _declare("filter", name, apply, spec, **flags)


def define_function(name: str, apply: Callable[..., Any], spec: str = "", **flags: bool) -> Callee:
    return _declare("function", name, apply, spec, **flags)


def define_test(name: str, apply: Callable[..., Any]) -> Callee:
    return _declare("test", name, apply, "", null_passes=False)


def by_name(*families: Sequence[Callee]) -> dict[str, Callee]:
    return {callee.name: callee for family in families for callee in family}
