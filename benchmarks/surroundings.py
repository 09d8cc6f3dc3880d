"""What the figures of one run share: the servers, one kind at a time, and floors that several of
them are compared with."""

from __future__ import annotations

from functools import cached_property
from types import TracebackType
from typing import Self

from benchmarks.floors import celery_floor
from benchmarks.floors.importing import BareImport, bare_import
from benchmarks.stacks import Distributed, Embedded


class Surroundings:
    """Servers start when the first figure asks for them; those of the other kind end then, so that
    nothing else runs on the machine."""

    def __init__(self) -> None:
        self._distributed: Distributed | None = None
        self._embedded: Embedded | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop_servers()

    @property
    def distributed(self) -> Distributed:
        if self._distributed is None:
            self.stop_servers()
            self._distributed = Distributed().__enter__()
        return self._distributed

    @property
    def embedded(self) -> Embedded:
        if self._embedded is None:
            self.stop_servers()
            self._embedded = Embedded().__enter__()
        return self._embedded

    def stop_servers(self) -> None:
        running = (self._distributed, self._embedded)
        self._distributed, self._embedded = None, None
        for server in running:
            if server is not None:
                server.__exit__()

    @cached_property
    def bare_import(self) -> BareImport:
        self.stop_servers()
        return bare_import()

    @cached_property
    def celery_chain_of_40(self) -> float:
        return celery_floor.chain_seconds(40)
