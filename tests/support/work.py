"""A task type that only the engine's tests have, and a registry that knows it beside the real
types. Flows of tests name types by their last word: `Sequential`, `Work`."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from plugins.contracts.model import Plugin
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask
from plugins.registry import Registry, UnknownType


class Work(RunnableTask):
    """Runs on a worker; the test says how it ends."""

    type_name: ClassVar[str] = "tests.Work"

    def run(self, context: RunContext) -> Mapping[str, Any] | None:
        raise AssertionError("the driver answers for it")


class RegistryOfTests(Registry):
    def __init__(self) -> None:
        super().__init__(["plugins.core"])
        self._short = {name.rpartition(".")[2]: name for name in self.names()}

    def canonical_name(self, name: str) -> str:
        if name == "Work":
            return Work.type_name
        return self._short.get(name) or super().canonical_name(name)

    def get(self, name: str) -> type[Plugin]:
        found = self.canonical_name(name)
        return Work if found == Work.type_name else super().get(found)


@cache
def registry_of_tests() -> Registry:
    return RegistryOfTests()


__all__ = ["RegistryOfTests", "UnknownType", "Work", "registry_of_tests"]
